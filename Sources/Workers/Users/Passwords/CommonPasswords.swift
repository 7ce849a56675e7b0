/// Passwords that lists of leaked ones begin with, of 8 bytes and more, in lower case. Few on purpose: a sign-in can be tried
/// some times a minute, so what counts is the head of those lists, not their millions.
enum CommonPasswords {
    /// - Parameter lowered: in lower case.
    static func contains(_ lowered: String) -> Bool { all.contains(lowered) }

    static let all = Set(list.split(whereSeparator: \.isWhitespace).map(String.init))

    private static let list = #"""
        !@#$%^&* !@#$%^&*( !@#$%^&*() !qaz2wsx !qaz@wsx 01234567 012345678 0123456789 0987654321 10101010
        102030405060 1111111a 11112222 11223344 1122334455 112233445566 11235813 12121212 123123123 123321123
        12341234 123412345 12344321 123454321 12345678 123456780 123456788 123456789 1234567890 1234567890a
        1234567890q 12345678910 123456789123 123456789a 123456789q 12345678a 12345678q 12345679 1234567a 1234567q
        123456aa 123456abc 123456qwerty 12345abc 12345qwert 1234abcd 1234qwer 123abc123 123qwe123 123qweasd
        123qweasdzxc 13131313 13579246 135792468 1357924680 147258369 147852369 14789632 147896325 159159159
        159357456 159753456 19841984 1a2b3c4d 1a2s3d4f 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz!qaz
        1qaz2wsx 1qaz2wsx3edc 1qazxsw2 20002000 20202020 20202021 21212121 24681012 246813579 27182818 2wsx3edc
        31415926 3141592653 321654987 3edc4rfv 456789123 4815162342 741852963 789456123 87654321 963852741 987654321
        9876543210 a1234567 a12345678 a123456789 a1b2c3d4 a1b2c3d4e5 aa123456 aa12345678 aaa111aaa aabbccdd abc12345
        abc123456 abc123abc abcd1234 abcd12345 abcdefgh abcdefghi abcdefghij access14 accesscode admin123 admin1234
        admin12345 admin123456 admin@123 adminadmin administrator alejandro alexander alexander1 alexandra
        alexandra1 anthony1 arsenal1 arsenal123 asd123456 asd123asd asdasdasd asdf1234 asdfasdf asdfgh123 asdfghjk
        asdfghjkl asdfghjklö asdfqwer ashley12 assassin autumn2024 autumn2025 autumn2026 azerty123 azerty1234
        azertyui azertyuiop baby1234 babygirl babygirl1 bailey12 barcelona barcelona1 baseball baseball1 baseball12
        basketball basketball1 batman123 beautiful beautiful1 benjamin berlin123 blessed1 blink182 bonjour1 brandon1
        business buster12 butterfly butterfly1 changeme changeme1 changeme123 charlie1 charlie123 chelsea1
        chelsea123 chocolate chocolate1 christ123 christian christopher company1 computer computer1 contrasena
        contraseña cookie123 correcthorse correcthorsebatterystaple corvette cowboys1 creative crystal1 danielle
        december december1 default1 default123 deutschland diamond1 diamonds doudou123 dragon12 dragon123 drowssap
        eagles123 elizabeth elizabeth1 eminem123 estrella everton1 facebook facebook1 faithful1 familia1 family123
        february fernando ferrari1 flower123 football football1 football12 football123 forever1 freedom1 fussball
        futbol123 gabriel1 gators123 geheim123 george12 ginger12 godisgood gonzalez google123 guest123 hallo123
        hallo1234 hamburg1 harley12 haslo123 hello123 hello1234 hellohello hellokitty helloworld hunter12 hunter123
        ichliebedich ihateyou iloveme1 iloveyou iloveyou! iloveyou1 iloveyou12 iloveyou123 iloveyou2 internet
        internet1 isabella january1 jasmine1 jellybean jennifer jennifer1 jessica1 jesus123 jesuschrist jonathan
        jordan23 juventus killer12 killer123 lakers24 letmein! letmein1 letmein123 letmeinnow liverpool liverpool1
        liverpool123 lkjhgfdsa login123 loulou123 lovejesus lovelove loveyou1 mamapapa manchester manunited
        marina123 mariposa marlboro master12 master123 matthew1 maverick mercedes mercedes1 metallica metallica1
        michael1 michelle michelle1 microsoft midnight mnbvcxz1 money123 monkey12 monkey123 motdepasse mountain
        mustang1 mynewpass mypass123 mypassword nastya123 natasha1 newpassword nicholas nicole12 nirvana1 nopassword
        november office123 oldpassword opensesame p455w0rd p4ssw0rd p@$$w0rd p@$$word p@ssw0rd p@ssw0rd! p@ssw0rd1
        p@ssw0rd123 p@ssword p@ssword1 pa$$w0rd pa$$word pa55w0rd pa55word packers1 parola123 pass1234 pass12345
        pass123456 passpass passport passw0rd passw0rd! passw0rd1 passw0rd123 password password! password00
        password01 password1 password1! password11 password12 password123 password1234 password12345 password123456
        password2 password99 passwort passwort1 passwort123 patricia patrick1 peanut12 peanut123 pepper12 phoenix1
        poiuytrewq pokemon1 pokemon123 porsche1 precious1 princess princess1 princess12 princess123 pumpkin1
        q!w@e#r$ q123456789 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123 qazwsxedc qazwsxedcrfv qwe123456 qwe123qwe
        qweasd123 qweasdzxc qwerqwer qwerty!@# qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyu1
        qwertyui qwertyuiop qwertyuiop123 qwertz123 qwertzui qwertzuiop rainbow1 ranger12 realmadrid redskins
        robert12 root1234 rootroot samantha samantha1 samsung1 samsung123 schalke04 schatz123 scooter1 sebastian
        secret12 secret123 secret1234 senha123 september shadow12 shadow123 slipknot snowball softball softball1
        soleil123 spiderman spiderman1 spring2024 spring2025 spring2026 starwars starwars1 steelers steelers1
        stephanie strawberry summer12 summer123 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025
        summer2026 sunshine sunshine1 sunshine123 superman superman1 superman123 sweetheart teamo123 temp1234
        temporary temppass tequiero test1234 test12345 tester123 testing1 testing123 testtest thepassword thomas12
        thunder1 tigger12 toor1234 topsecret trustno1 trustnoone user1234 username username1 usuario1 valentina
        veronica victoria victoria1 victory1 vladimir volleyball warrior1 wasdwasd welcome! welcome01 welcome1
        welcome12 welcome123 welcome1234 whatever whatever1 wildcats william1 windows1 windows10 winter12 winter123
        winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 winter2026 yamaha123 yankees1 yourpassword
        zaq12wsx zaq1xsw2 zaq1zaq1 zxcasdqwe zxcv1234 zxcvbnm, zxcvbnm1 zxcvbnm123 zxcvzxcv
        """#
}
