"""Names that medicine gave to things, and the words that stand beside them. Such a name points at nobody."""

from confrere.science.identifiers.words import plain

_EPONYMS = """
Achilles Adam Adams Addison Adie Albright Allis Alport Alzheimer Angelman Apgar Apley Argyll Arnold Aschoff Asherman
Asperger Auer Austin Babcock Babinski Bainbridge Baker Balint Bankart Barlow Barr Barrett Barré Barthel Bartholin
Barton Bartter Basedow Batten Beau Beck Becker Beckwith Behçet Bell Bence Bennett Berger Bernard Biot Bishop Blount
Boerhaave Bouchard Bowen Bowman Braden Bright Broca Brodie Broselow Brown Bruce Brudzinski Brugada Brunner Bruton Budd
Buerger Burkitt Caesar Caplan Caroli Carpenter Chaddock Chagas Charcot Cheyne Chiari Child Chopart Churg Chvostek
Chédiak Cobb Codman Colles Conn Cooley Coombs Cooper Courvoisier Cowden Coxsackie Creutzfeldt Crigler Crohn Cullen
Cushing Dandy Darier Degos Dejerine Dercum Dix Doppler Down Dravet Dressler Duchenne Duke Dupuytren Ebstein Edwards
Ehlers Eisenmenger Ellis Epley Epstein Erb Evans Ewing Fabry Fallot Fanconi Felty Finkelstein Fisher Fitz Fitzpatrick
Flexner Foley Fontan Fowler Framingham Francisella Freiberg Frey Friedreich Frohlich Froment Fuchs Galeazzi Ganser
Garden Gardner Gartland Gaucher Gehrig Ghon Giemsa Gilbert Gillick Gitelman Glanzmann Glasgow Gleason Goldmann Golgi
Goodpasture Gottron Gower Graham Gram Graves Grey Grocott Guillain Guyon Hailey Hallpike Hamilton Hampton Hansen
Hartmann Hartnup Hashimoto Hawkins Heberden Heimlich Henoch Hering Hippel Hirschsprung Hodgkin Hoffman Hoffmann Holmes
Holter Homan Homans Horner Howell Hunt Hunter Huntington Hurler Hutchinson Jacksonian Jakob Janeway Jarvik Johnson
Jones Joubert Jung Kallmann Kaplan Kaposi Kartagener Kasabach Kasai Kawasaki Kearns Kehr Kelly Kerley Kernig Killip
Kimmelstiel Klinefelter Klumpke Kocher Koplik Korsakoff Krabbe Krukenberg Kussmaul Lachman Lambert Landau Langerhans
Lasègue Laurence Leber Legg Leigh Lennox Lesch Levine Lewy Leydig Lhermitte Libman Likert Lindau Lisch Lisfranc Little
Lou Ludwig Lugol Lyme Lynch Löffler Maisonneuve Mallory Mantoux Marburg Marcus Marfan Marie McArdle McBurney McGill
McIsaac McMurray Meckel Meigs Menetrier Menkes Merkel Milroy Mobitz Mohs Monro Montgomery Moro Morton Moya Muller
Mullerian Munchausen Murphy Murray Ménière Neer Nissen Nissl Noonan Ogilvie Ollier Ortolani Osgood Osler Ottawa Paget
Pancoast Pap Papanicolaou Parinaud Parkinson Parkland Patau Patrick Peutz Peyronie Phalen Pick Pierre Plummer Poland
Pompe Pott Potter Prader Prinzmetal Purkinje Quincke Ramsay Ranson Rathke Raynaud Reed Reiter Rett Reye Rh Richter
Riedel Ringer Rinne Robin Rockall Romano Romberg Rorschach Roth Rotor Roux Rovsing Salter Sanfilippo Schamroth
Schatzki Scheuermann Schilling Schirmer Schlatter Schlemm Schober Schwann Schönlein Seldinger Sengstaken Sertoli Sever
Sheehan Shimada Shy Simmonds Simpson Sims Sipple Sjögren Skene Smith Snellen Spurling Starling Steinert Stevens Stokes
Strauss Sturge Sweet Sydenham Sézary Takayasu Takotsubo Tamm Tanner Tay Thomas Thompson Thomsen Tinel Todd Tourette
Trendelenburg Trousseau Turcot Turner Usher Valsalva Vater Venturi Vincent Virchow Volkmann Waldenstrom Waldeyer
Wallenberg Warthin Waterhouse Weber Wechsler Wegener Weil Wells Wenckebach Werdnig Wermer Wernicke West Whipple
Wickham Willebrand Williams Willis Wilms Wilson Wolff Wolfram Wood Wright Xavier Yates Yersinia Zellweger Zenker Ziehl
Zollinger Zung
"""
_THINGS = """
abscess agent algorithm amaurosis amyloidosis anaemia anemia aneurysm angina anomaly antibody antigen aphasia
artery arthropathy ataxia bacillus bodies body breathing canal capsule cardiomyopathy catheter cell cells chorea
classification coma complex contracture criteria cyst deformity dementia diet disease diseases disorder duct dysplasia
dystrophy ecg effect encephalopathy equation esophagitis esophagus exanthem facies fascia fasciitis formula fracture
ganglion gangrene gland globulin glomerulonephritis goiter goitre graft granulomatosis guide guideline guidelines
hamartoma heart hepatitis hernia inclusion index infection inventory law lesion ligament lymphoma malformation
maneuver manoeuvre mark medium method model monitor monitoring murmur muscle myotonia nephritis nerve neuralgia
neuroma neuropathy nevus node nodes nodule number oedema oesophagus operation ophthalmoplegia palsy paralysis pathway
phenomenon plaque poisoning position pouch procedure projection protein protocol pseudocyst psychosis pulse puncture
purpura reaction reflex regimen repair resection respiration retinopathy ring rule rules sarcoma scale scan score
scores sign sinus skin solution sphincter spots stage stain steal study sulcus syndrome syndromes system tendon test
testing tetralogy theory therapy thyroiditis transformation triad trial tube tumor tumour type ulcer upright valve
virus wave zone
"""
EPONYMS = frozenset(plain(word) for word in _EPONYMS.split())
THINGS = frozenset(_THINGS.split())
