"""2048 plain English words, for phrases that people read to each other.

Each has 3 to 8 small letters, and no word becomes another by one letter changed, added or
dropped, so that a slip is noticed. The order is on the wire: it never changes (PROTOCOL 3.6).
"""

from typing import Final

_TEXT: Final = """
about above academy accept account accurate achieve acorn acquire acre acrobat across act active
activity actor actually adapt add addition address adjust admire admit adobe adult advance advice
advocate after again agency agenda agent agile agree ahead airline airplane airport alarm album
alcove alert alike alliance allow almanac almond almost alone alphabet alpine already also although
altitude always amazing amber ambition amount amuse analyze anchor ancient animal ankle announce
annual answer antelope antenna antique anxious anybody anyone anywhere apart apology apparent appear
appetite applause apple appoint approach approve apricot april apron aquarium archive arena argue
armchair aroma around arrange arrival arrive artist artwork ascend aside asleep aspect assemble
assist assume asteroid astonish athlete atlas atom attach attempt attend attic attract auction
audience audio august author autumn average aviation aviator avocado avoid awake award away awning
baby back backbone backpack badger bag baggage bake bakery balanced balcony balloon ballot bamboo
banana band baobab barber bargain baron barrel baseball basement basic basket batch bathroom battery
bazaar beach beacon beam beauty beaver become bed bedroom beef beehive beetle before begin behind
being believer bell belong below beneath benefit beside best better between beverage beyond bicycle
biology bird birthday biscuit bite blade blank blanket blazer blend bless blizzard block bloom
blossom blouse boat bobbin body boil bold bone bonfire bonnet bonus bookcase bookshop border borrow
botany both bottle bottom bounce boundary bouquet box boxer bracelet braid branch brass brave breath
breeze brick bridge brief bright broad broccoli broken bronze brook brother brush bubble bucket
budget buffalo buggy build builder building bulb bundle bungalow business busy butler button buyer
cabbage cabin cabinet cable cactus calendar calf calmness camel camera camp campfire canal candle
candy canister canoe canteen canvas canyon capable capacity capital captain caramel caravan card
carefree careful cargo carnival carpet carriage carry carton carve cash cassava castle cat catalog
category caterer catfish cause caution cautious cavern cedar ceiling celery cellar cement census
center central century ceramic ceremony certain chain chairman chalk chamber champion chance
changing channel chapel chapter charcoal charge charity charm chase cheap checkers cheek cheese
cheetah chemical cherry chess chestnut chicken chickpea chief child children chimney chipmunk choice
choose chorus cinema cinnamon circle circus citizen citrus city civil claim clap class clean clerk
clever cliff climate climb climber clinic close cloth clothing cloud club cluster coach coast cocoa
coconuts code coffee coin collage collect color column comb comet comfort command commerce common
compact company compare compass complete composer computer concert conclude confirm connect consider
consult contain content continue contract control convoy cook cookie copper copy coral corner
correct corridor costly costume cottages cotton could count country couple courage courtesy cousin
cover crab cracker cradle craft crane crayon cream create creation creative creature credit cricket
crimson crisp crop crowd cruise crust cry crystal cube cucumber cuff cuisine cultural culture cup
cupboard cupcake curious cushion custom customer cycle cyclist cylinder daily dam dance dark data
daughter dawn daylight daytime dazzle debate december decent decimal decision deck declare decline
decorate decrease dedicate deep defend define degree delay delight deliver delta dense dentist
deposit depth describe design designer dessert detail detect develop device dew diagonal diagram
dial diamond diary differ dig digest digital dinner dinosaur diplomat direct director dirt discount
discover discuss dish dispatch display distance distant distinct district dive divide division
doctor doll dolphin domain domestic donation door doorway dot double dozen dragon drama draw drawing
dress drift drill drink driver driveway drum drummer dune durable during dust duty dwelling dynamic
eager eagle earnings earphone earth eastern easy echo economy edit educate educator effect effort
egg eggplant eighteen eighty either elbow elder electric element elephant elevator eleven else
emblem emerald emerge emotion emphasis employ empty enable endless energy engage engine engineer
enjoy enormous enough ensure entire entrance entry envelope equal equator equip era escape essay
estate estimate evening event every exact exam example exceed excel except exchange excuse exist
expand expect expense explain explore export express extend extra eye eyebrow fabric face factory
fairness faith falcon fall family famous fan fancy farewell farm farmer fashion fasten favorite
feast feather feature february feed fellow fence fern ferry festival fetch fiber fiction field
fifteen fifty figure file filter final finance finger finish fireman fireside first fisher fishing
fit flag flame flamingo flash flavor fleet flexible flight float florist flow fluffy fluid flute fly
foam focus folk foot football footpath footstep force forecast forehead foreign forest forget formal
formula fortress fortune forty forum forward fossil found fountain free freedom freight fresh friday
friend friendly fringe frog front fruit fuel function funny furnish future galaxy gallery gallon
game gap garage garden gardener garlic garment gasoline gateway gather gauge gazelle gear gem
general generate generous genius gentle genuine geology geometry gesture giant gift giraffe glad
glance glide glitter globe glory glue goal goggles golf good goose govern gown grace graceful
gradual graduate grain grammar grand granite graph gravel gravity green greeting grid grocery group
grove grow guard guardian guava guess guidance guitar guy gymnast habit hallway hammer hamster
handbag handbook handmade handsome hang happen happily happy harbor hardware harmony harness harvest
have hawk hay haystack hazel heading headline health heart heavenly heavy hedge height help herald
herb heritage hidden high hike hill hint hippo historic history hobby hockey holiday hollow home
homework honest honey honeybee honor hopeful horizon hospital host hotel house huge human humble
humor hundred hunger hurry hut hyena icon ideal image imagine impact import impress improve inch
incident include income increase index indicate indigo indoor industry infant inform initial inland
inn input inside insight inspect inspire install instead instruct intend interest interior internal
into invent inventor invite involve item ivory ivy jackal jacket janitor january jar jasmine jeans
jelly jet jewel jigsaw job jogging joke journal journey joyful judge jug juggler juice july jump
jungle junior justice kangaroo keen keepsake kerosene kettle keyboard keynote kick kidney kilo kind
kindness kingdom kinship kiosk kitchen kitten kiwi kneecap kneel knife knit knock label labor ladder
lady lamb landing landlord landmark lane language lantern large last later latitude laugh laundry
lava lavender lawyer leader leaf league learn learner leave lecture left leg legal legend leisure
lemon length lens leopard lettuce level liberty library license lid life lifeboat likewise lily
limit linen link lion liquid listen literacy little lively liver lizard load lobster local location
lockers locust logic lonely long loop lorry lotus lounge love lowland loyalty lucky luggage lunar
lunch luxury machine madam magazine magician magnet magpie mahogany maintain major maker mammal
manage mandarin mango manifest mantle manual many maple marathon marble march margin marigold market
mask mason material matter maximum maybe meadow mean measure mechanic medical medicine medium
meeting melody melon melt member memorial memory mend mention mentor merchant mercy merit message
metal meter method metro midnight migrate mild millet million mine mineral minimum minister minute
miracle mirror miss mix mobile mobility model modern modest moisture moment monday mongoose monitor
month monument moon more mosaic mosquito mother motor movie much mud multiply muscular museum
mushroom music musician mustard mystery napkin narrator narrow nation national native nature
navigate navy neat necklace nectar needle neighbor nephew nerve network neutral never news niece
nineteen ninety noble nod noise noodle north northern note notebook nothing notice nourish novel
november nowhere number numeric nurse nursery nutmeg nutrient oak oasis oats obey object oblige
observe obstacle obtain obvious occasion occupy ocean october octopus offer officer official often
okra olive once onion only open opera operator opinion oppose opposite option orange orbit orchard
orchid ordinary organ organic origin original ornament ostrich otter outdoor outfit outlook outside
oval overcoat overcome overtake owl owner oxygen oyster package paddle page painless paint painter
palace palm pancake panda panel panorama panther papaya paper parade paradise parallel parcel parent
parking parrot parsley particle partner party pass passport pasta pastime pastry pasture path
patient patrol pattern pavement paw payment peaceful peacock peanut pearl pebble pelican pencil
penguin people pepper perceive perfect perform perfume perhaps period permit person personal
persuade pharmacy phone photo phrase physical piano picnic picture pillar pillow pilot pin pinecone
pioneer pipe pipeline pitch pizza plan planet plaster plastic plate platform platinum player playful
please pleasure plenty plough pluck plug plumber plural pocket poem poetry pointed polar policy
polish polite pollen pond pool popcorn popular porch porridge port portrait position positive
possess possible postcard potato pottery powder powerful practice praise prawn precious precise
predict prefer premium prepared presence present preserve pressure pretty prevail pride primary
prince prior private problem proceed process produce profile program progress project promise
promote prompt proof propose prosper protein protocol proud provide province public publish pudding
pull pulse pumpkin pupil puppet puppy purchase pure purple purpose pursuit push puzzle pyramid quail
quality quantity quarry quarter queen question queue quick quiet quite quiz rabbit radar radio
railroad railway rainbow raincoat rainfall raisin random rank rapid rare raven react ready real
reason recall receive recipe record recovery recruit recycle reduce reflect reform refresh refusal
refuse region register regular reindeer relate relax release relevant reliable relief remain remedy
remember remind reminder remote renew rent repair repeat replace reply report request rescue
research resident resist resolve resource respect respond response restore restrict result resume
retire return reveal reverse review reward rhino rhythm ribbon rice ripple riverbed roadside robe
robin robot rock room rosemary rotate rotation rough routine royal rubber ruby ruler run runner
runway rural safari safe sailboat sailor salad salary salmon salt salute sample sandal sandpit
sandwich sapphire sardine satin saturday saucer sausage savanna scaffold scale scarf scatter scenery
scenic schedule scholar school science scissors scoop scooter score scout screen screw script
seafood search seashell seaside seasonal seaweed second secret section secure seedling seek select
selfless semester senior sentence separate sequence series serious service sesame session settler
seven seventy several shade shadow sharp shed sheep shelf shelter shepherd sherbet shield shift
shine ship shoelace short should shoulder shovel show shower shrimp shuttle shy sidewalk sign signal
silence silk silver similar since single sisal sister sixteen sixty size skate sketch skill skin
skirt skyline sleeve slice slipper slogan slope small smart smile smoke smooth snack snail snowball
soap soccer social soda soft solid solo solution solve somebody someone south southern souvenir
space spacious span spark sparrow speak special spectrum speech speed spell sphere spider spinach
spiral spirit splash splendid split sponge spoon spot spray spread spring sprout spruce square
squash squeeze squid squirrel stable stadium staff stage stamina stamp stand standard star starfish
station statue steadily steady step stick stitch stomach stone strange strategy straw stream street
strength stretch stripe strong student studio study style subject submit suburb subway success
sudden sugar suggest suit suitcase summer sunbird sunday sunlight sunrise sunset sunshine superior
supper supply support suppose surface surgeon surprise surround survey survive sustain swallow
sweater swiftly swim swimmer swing symbol symmetry sympathy symphony syrup system tablet tackle
tadpole talent talk tangle tape target taste taxi teacher teammate teapot teaspoon telegram temper
tenant tennis tenth term terrace text textbook thank thankful theater then theory thick thing third
thirst thirteen thirty thorn thought thousand thread three thrive throat throw thumb thunder
thursday ticket tiger tight timber time tissue title today together token tomato tomorrow tongue
tonight toolbox tooth top topic topmost tortoise total touch tour toward towel towering track
tractor trade trail training tram transfer transmit traveler treasure treat trend trial triangle
tribute trip triumph trolley trophy tropical trot trouble trousers true trumpet trunk trustee truth
tuesday tuition tulip tuna tunnel turkey turn turnip turtle tutor twelve twenty twice twig twilight
twist typical ultimate umbrella uncle under undo unfold uniform unique unite universe unlikely
unlock until unusual upcoming update upgrade uphold upon upright upstairs upward urban urge use
useful usual utensil vacant vacation vaccine validate valley value vanilla vapor variety various
vase vault vehicles velvet vendor venture venue verify verse version vertical veteran vibrant
victory video view villager vinegar vineyard violet violin virtue visa visible vision visit visitor
visual vital vitamin vivid voice volcanic volcano voltage volume voter voyage wagon waiter walkway
wallet walnuts walrus wander want wardrobe warmth warrior warthog washer wax weaving web wedding
weekday weekend welcome welfare western wetland whatever wheat wheel whenever while whisper whistle
who wide width wildlife willing windmill window windy winter wisdom wishbone within witness woman
wooden woodland woodwork work worker workshop world worthy wrestle wrist wrong yacht yarn yearbook
yearly yes yoga yogurt you young youthful zebra zero zinc zipper zoo
"""
WORDS: Final = tuple(_TEXT.split())
