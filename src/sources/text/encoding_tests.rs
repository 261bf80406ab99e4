use crate::sources::text::encoding::*;
use crate::sources::text::single_byte::Letters;

fn found(bytes: &[u8], given: Option<Encoding>) -> String {
    let mut findings = Vec::new();
    let look = look(bytes).unwrap_or_default();
    let encoding = find(&look, given, &Place::default(), &mut findings);
    let names: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}@{}", finding.name, finding.slots.last().map_or("", |slot| &slot.1)))
        .collect();
    format!("{} {}", encoding.map_or("-", Encoding::label), names.join(" ")).trim().to_owned()
}

#[test]
fn encodings_are_found_or_refused() {
    let russian = encoding_rs::WINDOWS_1251.encode("id;Услуга\r\n1;Выдача справки №5").0.into_owned();
    let utf16: Vec<u8> = "id;Услуга".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut mixed = "id,Услуга, очень длинная строка по-русски\n".as_bytes().to_vec();
    mixed.extend(b"\xD3\xF1");
    let dos = [0x93, 0xE1, 0xAB, 0xE3, 0xA3, 0xA0];
    for (bytes, given, expected) in [
        (&b"id,name\n"[..], None, "UTF-8"),
        ("\u{feff}Услуга".as_bytes(), None, "UTF-8"),
        (b"\xFF\xFEi\0d\0", None, "UTF-16LE"),
        (b"\xFE\xFF\0i\0d", None, "UTF-16BE"),
        (&russian, None, "Windows-1251"),
        (b"\xEA\xE0\xE7\xE0\xEA \x8D\xE0\xE7\xE0\x9D", None, "Windows-1251 encoding_doubtful@6"),
        (&mixed, None, "UTF-8"),
        (&utf16, None, "- file_not_text@1"),
        (&dos, None, "CP866 encoding_guessed@Windows-1251"),
        // of a few letters of Western Europe nobody makes Russian words
        (b"M\x81ller, K\x94ln, Stra\xE1e", None, "- encoding_unknown@1"),
        (b"\xFF\xFE\0\0i\0\0\0", None, "- file_not_text@2"),
        (b"\0\0\xFE\xFF\0\0\0i", None, "- file_not_text@0"),
        (&russian, Some(Encoding::Utf8), "- encoding_wrong@3"),
        (&russian, Some(Encoding::Kz1048), "KZ-1048"),
        (&mixed, Some(Encoding::Windows1251), "Windows-1251"),
        ("id,Услуга".as_bytes(), Some(Encoding::Windows1251), "- encoding_wrong@3"),
        ("\u{feff}id".as_bytes(), Some(Encoding::Utf16Le), "- encoding_wrong@0"),
        (&utf16, Some(Encoding::Utf16Le), "UTF-16LE"),
        (&utf16, Some(Encoding::Utf16Be), "- encoding_wrong@0"),
    ] {
        assert_eq!(found(bytes, given), expected, "{bytes:x?}");
    }
}

#[test]
fn letters_cut_by_the_buffer_are_whole() -> io::Result<()> {
    let text = "ә".repeat((1 << 18) + 1);
    let look = look(format!("x{text}").as_bytes())?;
    assert_eq!((look.bad, look.good, look.bytes), (0, text.len() as u64, text.len() as u64 + 1));
    Ok(())
}

#[test]
fn a_russian_text_is_found_in_each_encoding_of_one_byte() {
    let tables = [
        encoding_rs::WINDOWS_1251,
        encoding_rs::KOI8_R,
        encoding_rs::X_MAC_CYRILLIC,
        encoding_rs::ISO_8859_5,
        encoding_rs::IBM866,
    ];
    for text in [
        "id,name\n1,Выдача справки о составе семьи (5)",
        "Отдел занятости и социальных программ",
        "ВЫДАЧА ЛИЦЕНЗИИ НА ПРАВО ЗАНЯТИЯ ДЕЯТЕЛЬНОСТЬЮ",
        "record_id,provider_name\n1,УГД по городу Алматы\n2,Отдел ЖКХ",
    ] {
        for table in tables {
            let bytes = table.encode(text).0;
            let found = found(&bytes, None);
            let is_told = found.contains("encoding_guessed");
            assert_eq!(is_told, table != encoding_rs::WINDOWS_1251, "{text} in {}: {found}", table.name());
            // capitals alone have the same bytes in two of them
            let mut read = String::new();
            let letters = Encoding::parse(found.split(' ').next().unwrap_or_default()).and_then(Letters::of);
            assert_eq!(letters.map(|letters| letters.decode(&bytes, &mut read)), Some(Ok(())), "{found}");
            assert_eq!(read, text, "{}", table.name());
        }
    }
    // where two encodings have the same bytes for a text there is nothing to doubt
    for text in ["ТОО «Рост»", "Приём", "услуга — «отказ» № 5", "Акимат г. Алматы", "строка без заглавных букв"]
    {
        assert_eq!(found(&encoding_rs::WINDOWS_1251.encode(text).0, None), "Windows-1251", "{text}");
    }
    for text in ["Қазақстан Республикасының әділет министрлігі", "Мемлекеттік көрсетілетін қызмет", "Қазақстан"]
    {
        let bytes: Option<Vec<u8>> = text.chars().map(kz1048).collect();
        let found = found(&bytes.unwrap_or_default(), None);
        assert!(found.starts_with("Windows-1251 encoding_doubtful@"), "{text}: {found}");
    }
}

/// Parts of a real table, which have a name or two.
#[test]
fn parts_of_a_table_are_read_as_they_were_meant_and_told() {
    let lines: Vec<&str> = include_str!("../../../sample-data/akimat-2026Q3/services-2026-07.csv").lines().collect();
    let mut tried = 0;
    for table in [encoding_rs::KOI8_R, encoding_rs::X_MAC_CYRILLIC, encoding_rs::ISO_8859_5, encoding_rs::IBM866] {
        for part in lines.chunks(3) {
            let text = part.join("\n");
            let (bytes, _, is_lossy) = table.encode(&text);
            if is_lossy || text.is_ascii() {
                continue;
            }
            let found = found(&bytes, None);
            let mut read = String::new();
            let letters = Encoding::parse(found.split(' ').next().unwrap_or_default()).and_then(Letters::of);
            let is_right = letters.is_some_and(|letters| letters.decode(&bytes, &mut read).is_ok()) && read == text;
            assert!(is_right && found.contains("encoding_guessed"), "{} {found}: {read}", table.name());
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

fn kz1048(letter: char) -> Option<u8> {
    let letters = Letters::of(Encoding::Kz1048)?;
    (0..=0xFF).find(|byte| letters.of_byte(*byte) == Some(letter))
}

#[test]
fn encodings_are_called_by_many_names() {
    for encoding in Encoding::ALL {
        assert_eq!(Encoding::parse(&encoding.label().to_lowercase()), Some(encoding));
    }
    for (name, expected) in [
        ("CP1251", "Windows-1251"),
        ("ibm-866", "CP866"),
        ("iso8859-5", "ISO-8859-5"),
        ("x-mac-cyrillic", "Mac-Cyrillic"),
    ] {
        assert_eq!(Encoding::parse(name).map(Encoding::label), Some(expected));
    }
    assert_eq!(Encoding::parse("latin1"), None);
    let help = include_str!("../../../templates/words/help.toml");
    let help = help.lines().find(|line| line.starts_with("option_encoding")).unwrap_or_default();
    for encoding in Encoding::ALL {
        let name = encoding.label().to_lowercase();
        let listed = help.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-').filter(|word| *word == name);
        assert_eq!(listed.count(), 3, "{name} in each language of the help");
    }
}
