"""A school that does not exist: 3,000 students, 200 staff, and what the school calls its own."""

import random
from collections.abc import Iterator

from bot.wording.allowed import Allowed
from bot.wording.names import Names

# Everybody whom a labelled text names.
STUDENTS = {
    "Şeyma Yıldız": "4H2", "Łukasz Nowak": "4H2", "Bram de Boer": "4H2", "Sanne de Vries": "4H2",
    "Jayden Kromosoeto": "4H2", "Elif Kaya": "4H2", "Roos Bakker": "3V1", "Mark Visser": "5H3",
    "Daan Vos": "2TL2", "Jan Bloem": "4V1", "Will Foster": "1A", "June Harper": "2B",
    "Faith Okafor": "3V2", "Grace Mensah": "5V2", "Rose van Dijk": "4H1", "Mei Lin Chen": "3H2",
    "Storm Kuipers": "2M1", "Kip Zandstra": "1B", "Mees Hendriks": "6V1", "Wil Smeets": "4H3",
    "Fatima el Amrani": "3H1", "Noor van den Berg": "2H1", "Thijs Jansen-de Groot": "5V1",
    "Nguyễn Thị Ánh": "4V2", "Zoë Verhoeven": "1C", "Chloé Dubois": "2A", "Sem Mulder": "3TL1",
    "Lotte van der Meer": "5H1", "Mohammed Bouzid": "3H1", "Anne-Sophie ter Horst": "6V1",
    "Kevin Brouwer": "2TL2", "Tygo Schouten": "3M2", "Naomi Pinas": "5H2", "Siem Wolters": "1D",
    "Ravi Ramdin": "4V1", "Katharina (Kaat) de Wit": "3V1", "Finn O'Connor": "2V1",
    "Isa Postma": "4H1", "Olivier Dekker": "5V2", "Yara Haddad": "3H2", "Julia Kowalska": "1A",
}  # fmt: skip

STAFF = {
    "VRI": "Anna de Vries", "JAN": "Jan Jansen", "BAK": "Peter Bakker", "SMT": "Karin Smit",
    "VOS": "Hans Vos", "LEE": "Marieke van Leeuwen", "BEN": "Ahmed Benali", "KRA": "Ellen Kramer",
    "BOE": "Rob de Boer", "BOS": "Linda Bos", "PET": "Tom Peters", "CLA": "Susan Clark",
    "PRI": "Willemijn Prins", "BLO": "Gerard Blom", "AKS": "Yasmina Aksoy",
}  # fmt: skip

ALLOWED = Allowed(
    phone_numbers=frozenset({"0182-512345"}),
    domains=frozenset({"meander.example"}),
    ibans=frozenset({"NL91 ABNA 0417 1643 00"}),
    addresses=frozenset({"Leerlaan 5", "2805 ZZ"}),
    accounts=frozenset({"meandercollege", "meander_bot"}),
)

# First names and surnames to fill the school with. Many are ordinary words on purpose.
GIVEN = [
    "Emma",
    "Julia",
    "Mila",
    "Tess",
    "Sophie",
    "Zoë",
    "Sara",
    "Nora",
    "Yara",
    "Eva",
    "Liv",
    "Lotte",
    "Lauren",
    "Evi",
    "Noor",
    "Anna",
    "Saar",
    "Nina",
    "Milou",
    "Fenna",
    "Maud",
    "Fleur",
    "Roos",
    "Sanne",
    "Femke",
    "Lieke",
    "Isa",
    "Iris",
    "Jasmijn",
    "Lynn",
    "Vera",
    "Elin",
    "Puck",
    "Olivia",
    "Feline",
    "Esmee",
    "Floor",
    "Hanna",
    "Merel",
    "Bo",
    "Jade",
    "Noah",
    "Lucas",
    "Daan",
    "Levi",
    "Sem",
    "Finn",
    "Luuk",
    "Mees",
    "James",
    "Milan",
    "Sam",
    "Noud",
    "Luca",
    "Bram",
    "Mason",
    "Liam",
    "Jesse",
    "Thijs",
    "Lars",
    "Hugo",
    "Thomas",
    "Adam",
    "Max",
    "Teun",
    "Gijs",
    "Julian",
    "Siem",
    "Benjamin",
    "David",
    "Jan",
    "Tijn",
    "Stijn",
    "Jayden",
    "Ruben",
    "Tim",
    "Tom",
    "Jens",
    "Niels",
    "Rick",
    "Bas",
    "Koen",
    "Pim",
    "Fatima",
    "Aisha",
    "Yasmina",
    "Salma",
    "Amira",
    "Zeynep",
    "Elif",
    "Esra",
    "Mohammed",
    "Ahmed",
    "Ali",
    "Omar",
    "Yusuf",
    "Ibrahim",
    "Mehmet",
    "Emre",
    "Can",
    "Anouar",
    "Wei",
    "Mei",
    "Linh",
    "Priya",
    "Ravi",
    "Anjali",
    "Kwame",
    "Ama",
    "Grace",
    "Faith",
    "Joy",
    "Hope",
    "Rose",
    "June",
    "April",
    "Will",
    "Mark",
    "Jack",
    "Sky",
    "Storm",
    "Wolf",
    "Vos",
    "Roan",
    "Dex",
    "Boaz",
    "Ties",
    "Jurre",
    "Sven",
    "Olaf",
    "Wessel",
    "Sietse",
    "Jelle",
    "Hidde",
    "Silke",
    "Famke",
    "Wytske",
    "Rein",
    "Loes",
    "Kees",
    "Piet",
    "Klaas",
    "Guus",
    "Kaja",
    "Łucja",
    "Zuzanna",
    "Jakub",
    "Piotr",
    "Ștefan",
    "Ionuț",
    "Nguyễn",
    "Ánh",
    "Chloé",
    "François",
    "Jürgen",
    "Søren",
    "Åsa",
    "Željko",
    "Muñoz",
    "Ayşe",
    "Çağlar",
]
FAMILY = """
de Jong|Jansen|de Vries|van den Berg|Bakker|van Dijk|Visser|Janssen|Smit|Meijer|de Boer|
Mulder|de Groot|Bos|Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|
de Graaf|van der Meer|van der Linden|Kok|Jacobs|de Haan|Vermeulen|van den Heuvel|van der Veen|
van den Broek|de Bruijn|de Bruin|van der Heijden|Schouten|van Beek|Willems|van Vliet|
van de Ven|Hoekstra|Maas|Verhoeven|Koster|van Dam|van der Wal|Prins|Blom|Huisman|Peeters|
Kuiper|de Koning|Post|Molenaar|Kuipers|Veenstra|Scholten|Groen|Bloem|Roos|Mei|Zomer|Winter|
Storm|Kip|Haring|Kers|Wil|Yılmaz|Demir|Çelik|Şahin|Özdemir|El Idrissi|Ben Ali|Bouazza|Haddad|
Nowak|Kowalski|Wiśniewski|Popescu|Nguyen|Trần|Chen|Wang|Singh|Kumar|Ramdin|Pinas|Kromosoeto|
Mensah|Okafor|O'Brien|McDonald|Jansen-de Groot|ter Horst|van 't Hof|Zijlstra|Postma|Wolters|
Zandstra|Bouma|Haagsma|Terpstra|Ferwerda|Rutten|Coenen|Pinto|Silva|Fernández|Rossi|Müller
""".replace("\n", "").split("|")
CLASS_GROUPS = [f"{year}{kind}{n}" for year in range(1, 7) for kind in "HVM" for n in range(1, 5)]
STAFF_ONLY = [
    "Berend", "Gerda", "Henny", "Cor", "Truus", "Wouter", "Saskia", "Monique", "Petra", "Erik",
    "Frans", "Joke", "Ria",
]  # fmt: skip


def _made_up(given: list[str], count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    made: set[str] = set()
    while len(made) < count:
        name = f"{chance.choice(given)} {chance.choice(FAMILY)}"
        if name not in made and name not in STAFF.values():
            made.add(name)
            yield name


def names_of_school(students: int = 3000) -> Names:
    """The names of a whole school, the same at every call."""
    others = list(_made_up(GIVEN, students - len(STUDENTS), seed=1))
    staff = [*STAFF.values(), *_made_up(STAFF_ONLY, 200 - len(STAFF), seed=2)]
    return Names.of(
        [*STUDENTS, *others],
        staff,
        codes=STAFF,
        class_groups=[*STUDENTS.values(), *CLASS_GROUPS],
    )
