"""What a person can do, a module for each kind of deed; screens and commands call nothing else."""
