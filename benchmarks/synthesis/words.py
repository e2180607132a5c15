"""The word lists behind the invented people: Quebec names, places of work, titles and mail domains."""

from __future__ import annotations

FAMILY_NAMES = """
Tremblay Gagnon Côté Lavoie Fortin Gagné Bergeron Pelletier Lévesque Boucher Beaulieu Cloutier Dubé Desjardins Poulin
Nadeau Lachance Villeneuve Demers Lefebvre Caron Martel Hébert Drouin Gilbert Lapointe Mercier Beaudoin Carrier
Dupuis Jacques Gosselin Parent Leduc Grenier Allard Thibault Lessard Savard Racine Vachon Dufour Couture Legault
Jobin Rioux Michaud Dallaire Guay Tanguay Blais Gauvin Therrien Proulx Bolduc Chabot Fournier Massé Quirion Doyon
Bédard Légaré Bégin Gélinas Pépin Ménard Hétu Noël Labbé Goupil Lemay Perreault Verreault Arcand Robitaille Bourque
Charbonneau Asselin Fiset Brousseau Vézina Dionne Chouinard Désilets Lépine Doré Turcotte Rouleau Giguère Lacasse
Dumais Godbout Lirette Yergeau Zaccardelli Nguyen Traoré Benali Haddad Kowalczyk Fernández Öztürk Okafor Wójcik
Sirois Ouellette Gallant Cormier Comeau Robichaud McKenzie O'Connor MacDonald Smith Wilkinson Johnson Kelly
D'Amours D'Astous L'Heureux L'Italien L'Abbé St-Pierre St-Onge St-Hilaire St-Amand Saint-Laurent Ste-Croix
Gagnon-Roy Côté-Fournier Lévesque-Hébert Dubé-Martel Tremblay-Noël Bédard-Proulx Caron-Savard Demers-Massé
De~La~Durantaye Le~Blanc La~Rochelle Van~Horne De~Courval Le~Gallo Du~Tremblay Roy Cyr Guy Ross Lê Hamel
Gaumond Quesnel Joncas Xavier Kirouac Zigby Whittom Jutras Héon Huppé Fugère Ricard Sévigny Lizotte Illig Jolicœur
""".split()
GIVEN_NAMES = """
Anne Jean Pierre Louise Michel Sylvie François Françoise Hélène Geneviève Frédéric Frédérique Mélanie Stéphanie Éric
Valérie Jérôme Mathieu Maude Gaëlle Noël Noëlla Raphaël Raphaëlle Anaïs Loïs Maëlle Maël Cédric Cécile Céline Édith
Émile Émilie Étienne Éliane Hugo Hugues Inès Ismaël Jacinthe Josée Josiane Judith Julien Juliette Justine Laurence
Laurent Léa Léo Léonie Louis Luc Ludovic Magali Marc Marcel Marguerite Marjolaine Martine Maxime Micheline Mireille
Monique Nadège Nancy Nathalie Nicolas Normand Odette Odile Pascal Pascale Patrice Patrick Paule Philippe Quentin Rachel
Réjean Rémi Renée René Richard Roger Rosalie Roxanne Sabrina Samuel Sandra Sébastien Serge Simon Solange Sonia Sophie
Suzanne Sylvain Tristan Valentin Vincent Virginie Viviane Wilfrid William Xavier Yannick Yasmine Yves Yvette Yvon
Jean-François Jean-Sébastien Jean-René Marie-Josée Marie-Hélène Marie-France Marie-Noëlle Anne-Sophie Anne-Marie
Pierre-Luc Pierre-Étienne Marc-André Marc-Antoine Louis-Félix Charles-Édouard Lise-Anne Paul-Émile Ève-Marie
Léa-Rose Jo-Ann Mary~Ann Fatoumata Mohamed Nguyên Aïcha Aïssata Björn Zoltán Wei Kim Guillaume Karl Kevin Kathy Zacharie
""".split()
TITLES = (
    """
Analyste d'affaires;Analyste fonctionnelle;Responsable informatique;Gestionnaire de réseau;Architecte logiciel
Développeuse principale;Développeur Web;Ingénieure logiciel;Directrice TI;Directeur des opérations;Technicien de soutien
Chargée de projet;Conseillère en sécurité;Coordonnatrice clinique;Adjointe administrative;Présidente;Président
Associé;Propriétaire;Pharmacien;Pharmacienne-chef;Médecin spécialiste;Omnipraticienne;Infirmière clinicienne
Infirmier praticien;Optométriste;Dentiste généraliste;Orthophoniste;Audioprothésiste;Physiothérapeute;Sage-femme
Chef de projet;Chef, services numériques;Gérant;Gérante de succursale;Agent de liaison;Spécialiste en intégration
Vice-présidente – technologies;Directeur médical;Secrétaire générale;Copropriétaire;Ergothérapeute;Nutritionniste
Inhalothérapeute;Technologue;Programmeuse;Administrateur réseau et sécurité;Resp. développement;V.-p. exploitation
Qualité et conformité;Médecin-conseil;Assistant technique en pharmacie;Fondatrice;Software developer;Office manager
""".replace("\n", ";")
    .strip(";")
    .split(";")
)
COMPANY_HEADS = """
Logiciels Solutions Technologies Groupe Clinique Pharmacie Laboratoires Services Polyclinique Gestion Consultants Centre
Informatique Innovations Coop Atelier
""".split()
COMPANY_NAMES = """
Médilien Boréalis Santéo Kéops Fleuve Laurentides Pixelor Noroît Zénith Harfang Ondes~du~Nord Vita-Plus Cliniq Hémera
Bélanger~et~fils Axiome Jalon Pivot Ré-Action Épinette Cap-Rouge Fjord Quai~32 Tandem Omnia X-Médic Iris~Santé
Biocortex Télésanté~Nord Nüvo Algora Wapiti Sextant Clé~de~voûte Rive-Sud Brume Orme Zébra Équilibre Hélix
Prélude Mosaïque Dr~Lacasse P.~Gagné Vachon,~Huppé L'Estuaire D'Iberville Opti-Clic 3V~Santé M2~Soft
""".split()
COMPANY_TAILS = """
inc. ltée s.e.n.c. senc s.e.n.c.r.l. Inc. enr. S.A. Canada (Québec)~inc. Itée. inc
""".replace(" Itée.", "").split()
COMMON_DOMAINS = """
gmail.com hotmail.com outlook.com videotron.ca bell.net sympatico.ca yahoo.ca yahoo.com live.ca icloud.com hotmail.fr
cgocable.ca me.com protonmail.com globetrotter.net oricom.ca
""".split()
DOMAIN_STEMS = """
medilien borealis santeo keops noroit zenith harfang ondesdunord vitaplus cliniq hemera axiome jalon pivot epinette
fjord quai32 tandem omnia xmedic iris-sante biocortex telesante-nord nuvo algora wapiti sextant rivesud brume orme zebra
helix prelude mosaique lestuaire opticlic 3vsante m2soft polymed ll0yd pharm1 o2sante l1l-conseil cissslf med-0 vwtech
nnord rnsante clmrn 819info qc-soft gmf-lacs dr-guay ohm-q j9 xyz-sante kjw-it b2b-sante groupe_x cliniquedulacnoir
""".split()
DOMAIN_ENDS = (
    ".ca .com .qc.ca .net .org .info .tech .co .io .biz .sante.ca .gouv.qc.ca .health .coop .quebec .fr".split()
)
SHARED_LOCALS = "info reception pharmacie ti information secretariat clinique support admin accueil".split()
