"""Pure: the passwords that are tried first. Those under eight characters never get this far."""

_WORDS = """
    12345678 123456789 1234567890 12345678910 123123123 11111111 111111111 00000000 87654321
    987654321 0987654321 88888888 99999999 11223344 12341234 12344321 123454321 112233445566
    123456789a a123456789 a1234567 1234abcd abcd1234 abc12345 abcdefgh abcdefghi abcdefg1
    1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 qazwsxedc qazwsx123 zaq12wsx
    zaq1zaq1 zxcvbnm1 zxcvbnm123 zxcvbnm, asdfghjk asdfghjkl asdf1234 asdfasdf asdqwe123 q1w2e3r4
    q1w2e3r4t5 qwer1234 qwerasdf qweasdzxc qweqweqwe qwe123456 qwert123 qwert12345 qwerty12
    qwerty123 qwerty1234 qwerty12345 qwertyui qwertyuiop qwertzui qwertzuiop azertyuiop azerty123
    password password1 password12 password123 password1234 password! passw0rd p@ssw0rd p@ssword
    p4ssw0rd pa55word pass1234 passpass passwort passwort1 passwort123 kennwort contraseña
    motdepasse senha123 wachtwoord haslo123 parola123 letmein1 letmein123 letmeinnow welcome1
    welcome12 welcome123 willkommen willkommen1 bienvenue changeme changeme1 changeme123 change123
    changeit default1 default123 secret12 secret123 geheim123 topsecret master12 master123
    trustno1 iloveyou iloveyou1 iloveyou2 iloveyou123 ichliebedich jetaime1 teamo123 loveyou1
    sunshine sunshine1 princess princess1 football football1 baseball baseball1 basketball
    superman superman1 spiderman batman123 pokemon1 pokemon123 starwars starwars1 whatever
    whatever1 computer computer1 internet internet1 samsung1 samsung123 facebook google123
    linkedin microsoft windows1 windows10 windows11 jennifer michelle jonathan patricia elizabeth
    victoria danielle nicholas alexander alexandra christian charlie1 jessica1 michael1 jordan23
    liverpool chelsea1 arsenal1 barcelona realmadrid juventus manchester corvette mercedes
    ferrari1 mustang1 yamaha123 dragon12 dragon123 monkey12 monkey123 shadow12 shadow123
    hunter12 freedom1 butterfly chocolate cheese12 cookie123 summer2023 summer2024 summer2025
    summer2026 winter2023 winter2024 winter2025 winter2026 spring2025 spring2026 autumn2025
    autumn2026 sommer2025 sommer2026 fruehling january1 february september december monday12
    administrator admin123 admin1234 admin12345 admin123456 adminadmin administrador root1234
    rootroot toor1234 user1234 username test1234 test12345 testtest testing1 testing123 tester12
    guest123 guestguest demo1234 demodemo hello123 hello1234 hellohello helloworld login123
    loginlogin access14 access123 abc123abc aaaaaaaa aaaa1111 1a2b3c4d a1b2c3d4 a1s2d3f4
    blink182 slipknot metallica nirvana1 rockstar1 maverick midnight moonlight snowball
    sandwich scorpion sterling stingray startrek redskins rainbow1 porsche911 phoenix1 patriots
    packers1 newyork1 london12 berlin123 hamburg1 muenchen passport panther1 nintendo playstation
    minecraft fortnite1 callofduty counterstrike matrix123 marlboro lakers24 kawasaki infinity
    hardcore goldfish giants12 gateway1 firebird einstein dolphins cowboys1 cocacola claudia1
    chicago1 cherokee challenge bulldogs broncos1 brandon1 blowfish blackjack benjamin babygirl
    babygirl1 anthony1 angelina amsterdam airborne correcthorsebatterystaple
"""
COMMON = frozenset(_WORDS.split())
