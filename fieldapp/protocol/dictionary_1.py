"""Preset dictionary 1: schema words and invented text; never to be changed (PROTOCOL 2.4).

Rare phrases stand first, the keys that each entry has stand last: deflate reaches those cheapest.
"""

from typing import Final

DICTIONARY_1: Final = (
    b"The residents of the area asked the chief and the assistant chief to follow up the matter wi"
    b"th the police. The members agreed that the committee will report to the sub-county commander"
    b" before the next meeting. It was reported that the livestock were stolen at night and the ow"
    b"ners were advised to report to the nearest police station. Youth, women, elders and persons "
    b"with disability took part in the discussion. community policing, Nyumba Kumi, public baraza,"
    b" peace committee, county commissioner, deputy county commissioner, assistant county commissi"
    b"oner, officer commanding station, National Police Service, Administration Police, Directorat"
    b"e of Criminal Investigations, National Government Administrative Officers, Ministry of Inter"
    b"ior, county government, ward administrator, religious leaders, opinion leaders, council of e"
    b"lders, business community, boda boda riders, village elder, public health officer, livestock"
    b" officer, children officer, forest officer, Kenya Wildlife Service, Red Cross, non-governmen"
    b"tal organisation security situation, crime prevention, conflict resolution, early warning, c"
    b"attle rustling, stock theft, land dispute, boundary dispute, water point, grazing land, huma"
    b"n-wildlife conflict, drug abuse, illicit brew, domestic violence, gender-based violence, chi"
    b"ld protection, school attendance, early pregnancy, radicalisation, violent extremism, counte"
    b"ring violent extremism, social cohesion, inter-community dialogue, peace dialogue, hate spee"
    b"ch, election preparedness, disaster preparedness, flooding, drought, disease outbreak, road "
    b"accident, street lighting, bush clearing, night patrol, police patrol, police post, police s"
    b"tation, OB number, response time, follow-up, action plan, way forward, awareness campaign, c"
    b"apacity building, sensitisation, training workshop, participants, facilitator, programme, fu"
    b"nded by, supported by, in partnership with was informed about, was told the same evening, vi"
    b"sited the place, promised to return, will be repaired, was repaired, is waiting for, has bee"
    b"n broken, no light at, on the way home, near the market, near the primary school, near the s"
    b"econdary school, near the dispensary, near the borehole, at the bus stage, at the trading ce"
    b"ntre, at the chief's office, at the social hall, on the main road, early in the morning, las"
    b"t night, two days ago, last week, this month, since January, in February, in March, in April"
    b", in May, in June, in July, in August, in September, in October, in November, in December, o"
    b"n Monday, on Tuesday, on Wednesday, on Thursday, on Friday, on Saturday, on Sunday, No one w"
    b"as hurt. Two people were injured and taken to hospital. households, children, people, women "
    b"and girls, young men, herders, farmers, traders, fishermen, motorcycle, vehicle, cows, goats"
    b", camels, donkeys, maize, fence, bridge, river, borehole, road, house, shop, school, hospita"
    b"l, church, mosque Wananchi walimwomba chifu na naibu wa chifu kufuatilia suala hilo pamoja n"
    b"a polisi. Kamati itatoa ripoti kabla ya mkutano ujao. Hakuna aliyejeruhiwa. Mkutano wa hadha"
    b"ra, polisi jamii, kamati ya amani, wazee wa kijiji, viongozi wa dini, vijana na wanawake, wa"
    b"tu wenye ulemavu, usalama wa eneo, wizi wa mifugo, mgogoro wa ardhi, maji na malisho, dawa z"
    b"a kulevya, pombe haramu, ukatili wa kijinsia, ulinzi wa watoto, shule ya msingi, shule ya se"
    b"kondari, zahanati, kituo cha polisi, ofisi ya chifu, barabara kuu, soko, kisima, mto, daraja"
    b", usiku, asubuhi, jana, wiki iliyopita, mwezi huu, iliripotiwa, ilikubaliwa kwamba, taarifa "
    b"zilitolewa, hatua zitachukuliwa, kwa sababu, baada ya, kabla ya, karibu na, wakazi wa, katik"
    b'a, pamoja na, hakuna, watu wawili baraza_chief","baraza_asst_chief","nk_cluster","cpc_subloc'
    b'","cpc_loc","cpc_area","cpf","sensitisation","workshop","csic","peace_dialogue","election_se'
    b'curity","cef","cso_event","jukwaa","open","confidential","restricted","sw","en","local","ksl'
    b'","civilian","police","administration","total","female","male","intersex","under_18","age_18'
    b'_34","age_35_59","age_60_plus","pwd","residents","elders","religious","youth","women_groups"'
    b',"business","boda_boda","civil_society","teachers","farmers","ag_moi","ag_cc","ag_dcc","ag_a'
    b'cc","ag_chief","ag_asst_chief","ag_village_elder","ag_county_government","ag_registration","'
    b'ag_immigration","ag_county_police","ag_capc","ag_kps","ag_aps","ag_nps_other","ag_dci","ag_g'
    b'ender_desk","ag_nis","ag_npr","ag_kdf","ag_nys","ag_border_police","ag_coast_guard","ag_nctc'
    b'","ag_private_security","ag_small_arms_focal","ag_judiciary","ag_odpp","ag_probation","ag_pr'
    b'isons","ag_eacc","ag_ipoa","ag_knchr","ag_ncic","ag_iebc","ag_land_office","ag_labour_office'
    b'","ag_health","ag_chp","ag_gender_unit","ag_children_services","ag_education","ag_nacada","a'
    b'g_ndma","ag_red_cross","ag_roads","ag_ntsa","ag_kws","ag_kfs","ag_nema","ag_fisheries","ag_m'
    b'aritime","ag_airports","ag_civil_aviation","ag_kra","ag_peace_committee","ag_peace_forum","a'
    b'g_council_of_elders","ag_religious_leaders","ag_fbo","ag_cso","ag_private_sector","ag_aspira'
    b'nts","ag_media","ag_un","ag_iom","ag_embassy","ag_gcerf","ag_foreign_affairs","moi","cc","dc'
    b'c","acc","chief","asst_chief","village_elder","county_government","registration","immigratio'
    b'n","county_police","capc","kps","aps","nps_other","dci","gender_desk","nis","npr","kdf","nys'
    b'","border_police","coast_guard","nctc","private_security","small_arms_focal","judiciary","od'
    b'pp","probation","prisons","eacc","ipoa","knchr","ncic","iebc","land_office","labour_office",'
    b'"health","chp","gender_unit","children_services","education","nacada","ndma","red_cross","ro'
    b'ads","ntsa","kws","kfs","nema","fisheries","maritime","airports","civil_aviation","kra","pea'
    b'ce_committee","peace_forum","council_of_elders","religious_leaders","fbo","cso","private_sec'
    b'tor","aspirants","media","un","iom","embassy","gcerf","foreign_affairs","intro_cp","cp_level'
    b's","security_situation","nyumba_kumi","crime_prevention","sara","paradigm_shift","action_pla'
    b'nning","plenary","way_forward","reporting","gbv","child_protection","drugs","pve","peace","l'
    b'and","stock_theft","elections","response_times","disasters","environment","government_servic'
    b'es","other","high","medium","low","not_started","in_progress","done","carried_forward","drop'
    b'ped","theft","burglary","robbery","mugging","moto_theft","fraud","vandalism","arson","assaul'
    b't","homicide","missing_adult","abduction","suicide_risk","mob_justice","dom_violence","rape"'
    b',"elder_abuse","defilement","fgm","child_marriage","child_abuse","child_labour","child_missi'
    b'ng","resource","farmer_herder","clan","rustling","ve_concern","ve_recruit","terror_tip","ret'
    b'urnee","suspicious_object","unknown_visitor","small_arms","gang","trafficking","border_cross'
    b'ing","smuggling","illicit_brew","election","hate_speech","disorder","slow_response","school"'
    b',"corruption","police_conduct","road","fire","disaster","marine","disease","wildlife","light'
    b'ing","U1","U2","U3","U4","county","anonymous","own","resident","meeting","elder","agency","h'
    b'otline","killed","injured","displaced","missing","cattle","goats_sheep","camels","donkeys","'
    b'other_animals","not_stated","partner","relative","known","authority","stranger","unknown","p'
    b'sychosocial","children_officer","legal","shelter","family_support","reintegration","yes","no'
    b'","child_mandatory","999","AC","CH","ACC","DCC","CC","OCS","SCPC","DCI","GD","CO","H","NCTC"'
    b',"CEF-PS","CSIC","PC","KWS","KFS","KRC","CHP","VET","EDU","NCIC","CG","EACC","IPOA","offered'
    b'","ongoing","agreed","failed","declined","community","ocs_report","exact","estimated","unver'
    b'ified","sub_county","cpa","ministry","for_action","for_information","verified","not_verified'
    b'","assigned","resolved","closed","reopened","location","sub_location","village","cluster","o'
    b'perational","gazetted","renamed","merged","abolished","nk_coordinator","assistant_chief","dc'
    b'c_admin","county_desk","hq_admin","hq_analyst","referral_desk","auditor","gender","children"'
    b',"oversight","name":","role":"nk_coordinator","title":","desk":"gender","device":","since":"'
    b'2026-0,"until":"2026-0,"unit":","name":","level":"county","ward":","division":","gazette_ref'
    b'":","status":"operational","valid_from":"2026-0,"valid_to":"2026-0,"predecessor_ids":","meet'
    b'ing_type":"baraza_chief","title":","theme":","aims":","body_name":","classification":"open",'
    b'"date":"2026-0,"end_date":"2026-0,"start_time":"10:30","end_time":"10:30","venue":","ward":"'
    b',"village":","place":","areas":","languages":[","convener":","led_by":","chair":","chair_kin'
    b'd":"civilian","secretary":","invited_by":","supported_by":","funder":","programme":","progra'
    b'mme_areas":","facilitators/":1,"facilitators//role":","facilitators//name":","facilitators//'
    b'organisation":","facilitators/"partners/":1,"partners//name":","partners//contribution":","p'
    b'artners/"attendance":{"total":1,"female":1,"male":1,"intersex":1,"under_18":1,"age_18_34":1,'
    b'"age_35_59":1,"age_60_plus":1,"pwd":1},,"attendance_by/":1,"attendance_by//group":"residents'
    b'","attendance_by//female":1,"attendance_by//male":1,"attendance_by/"agencies":[","agencies_o'
    b'ther":","members_total":1,"members_present":1,"apologies":1,"absent":1,"previous_confirmed":'
    b'false,"agenda/":1,"agenda//title":","agenda//topic":"intro_cp","agenda//presenter":","agenda'
    b'//notes":","agenda/"topics":[","discussion":","concerns":","referrals_made":1,"aob":","resol'
    b'utions/":1,"resolutions//number":1,"resolutions//text":","resolutions//responsible":","resol'
    b'utions//agency":"moi","resolutions//due":"2026-0,"resolutions//priority":"high","resolutions'
    b'//status":"not_started","resolutions//progress":","resolutions//indicator":","resolutions//b'
    b'aseline":","resolutions//target":","resolutions//evidence":","resolutions//closed_on":"2026-'
    b'0,"resolutions/"matters_arising/":1,"matters_arising//text":","matters_arising//meeting":","'
    b'matters_arising//resolution":","matters_arising//due":"2026-0,"matters_arising//status":"not'
    b'_started","matters_arising//progress":","matters_arising/"feedback":","next_date":"2026-0,"n'
    b'ext_venue":","linked_plan":","linked_activity":","confirmed_on":"2026-0,"confirmed_by":","ca'
    b'tegory":"theft","other_text":","urgency":"U1","danger_now":false,"confidential":false,"about'
    b'_official":false,"accused_unit":","accused_office":"police","date":"2026-0,"time":"10:30","w'
    b'eek_of":"2026-0,"ward":","village":","landmark":","place":","narrative":","source":"anonymou'
    b's","harm":{"killed":1,"injured":1,"displaced":1,"missing":1},,"animals":{"cattle":1,"goats_s'
    b'heep":1,"camels":1,"donkeys":1,"other_animals":1},,"animal_marks":","vehicle_plate":","tip_s'
    b'ize":","tip_activity":","tip_location":","tip_uniform":","tip_time":","tip_equipment":","sur'
    b'vivor_sex":"female","survivor_age":"under_18","relation":"partner","services_offered":[","se'
    b'rvices_accepted":[","consent":"yes","follow_up_ref":","told":[","referred_to":[","referral_n'
    b'ote":","ob_number":","mediation":"offered","response_log/":1,"response_log//reported_at":","'
    b'response_log//dispatched_at":","response_log//arrived_at":","response_log//resolved_at":","r'
    b'esponse_log//station":","response_log//source":"community","response_log//quality":"exact","'
    b'response_log/"escalations/":1,"escalations//to_body":"cpc_subloc","escalations//report_purpo'
    b'se":"for_action","escalations//reason":","escalations//priority_rank":1,"escalations//sent_o'
    b'n":"2026-0,"escalations//received_on":"2026-0,"escalations//decision":","escalations//decide'
    b'd_on":"2026-0,"escalations//feedback_on":"2026-0,"escalations/"actions/":1,"actions//text":"'
    b',"actions//responsible":","actions//due":"2026-0,"actions//status":"not_started","actions//d'
    b'one_on":"2026-0,"actions/"status":"open","closed_on":"2026-0,"feedback":","from_meeting":",{'
    b'"r":"","y":"unit","x":"KE-0","t":"018","o":"s","v":1,"u":"","f":{"}}{"r":"","y":"officer","x'
    b'":"KE","t":"019","o":"a","v":1,"u":"","f":{},"b":{"status":["01"]},"m":"","c":1}{"r":"","y":'
    b'"meeting","x":"KE-0","t":"019","o":"s","v":1,"u":"","f":{"meeting_type":"{"r":"","y":"concer'
    b'n","x":"KE-0-S-L","t":"019","o":"s","v":1,"u":"","f":{"category":"'
)
