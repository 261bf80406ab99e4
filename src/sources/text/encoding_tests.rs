use crate::sources::text::encoding::*;

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
        (&dos, None, "- encoding_unknown@0"),
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
