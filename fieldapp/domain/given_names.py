"""Given names that are common in Kenya, only to warn that a text may point at a person.

Laws:
  * Names that are also everyday words at the beginning of a sentence are left out, so that the
    warning stays worth reading.
  * The list says nothing about anybody and is never stored, counted or sent.
"""

from __future__ import annotations

_NAMES = """
abdalla abdi abdul abdullahi abubakar achieng adan adhiambo ahmed aisha akinyi ali alice
amina andrew anna anne anthony antony asha athman awino bakari barasa beatrice benard benson
brian caroline catherine charles chebet chepkoech cheptoo cherono christine cynthia daniel
david dennis dorcas edwin elijah elizabeth emmanuel esther eunice evans ezekiel fatma fatuma
felix francis fredrick gabriel geoffrey george gladys halima hamisi hassan hussein ibrahim
irene isaac ismail jackson jacob jacqueline james jane janet jemimah jeremiah john johnson
jonathan joseph josephine joshua joyce juma kadzo kamau karanja kariuki kazungu kevin
khadija kipchumba kipkemboi kiprono kiprotich koech leah lilian linet lucy lydia maina
makena mariam martha martin mary maryam mathew maurice michael mohamed mohammed moses
muhammad musa muthoni mutua mutuku mwanaisha mwangi mwende mwikali nancy nasra nelson njeri
njoroge nyambura ochieng odhiambo okoth omar omondi onyango otieno ouma patrick paul peninah
peter philip priscilla rachael rachel ramadhan rashid rebecca robert ruth saida salim samson
samuel sarah scholastica simon stella stephen suleiman susan swaleh thomas timothy veronica
victor vincent violet wafula wambui wangari wanjiku wanjiru winnie yusuf zainab zeinab
"""
GIVEN_NAMES = frozenset(_NAMES.split())
