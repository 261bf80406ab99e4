use crate::sources::text::scan::Field;
use crate::sources::text::split::*;

/// `line@offset field|field !fault` for each record.
fn split(bytes: &[u8], bounds: &Bounds, step: usize) -> Vec<String> {
    struct Slow<'a>(&'a [u8], usize);
    impl Read for Slow<'_> {
        fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(self.1).min(space.len());
            space[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let mut records = Records::new(Slow(bytes, step), b',', bounds, 0);
    let mut record = Record::default();
    let mut lines = Vec::new();
    while records.next(&mut record).unwrap_or_default() {
        let held = records.bytes(&record);
        let text = |field: &Field| {
            let bytes = if field.is_unquoted { &record.unquoted } else { held };
            String::from_utf8_lossy(&bytes[field.text.clone()]).into_owned()
        };
        let fields: Vec<String> = record.fields.iter().map(text).collect();
        let fault = record.fault.as_ref().map(|fault| format!(" !{fault:?}")).unwrap_or_default();
        lines.push(format!("{}@{} {}{fault}", record.line, record.offset, fields.join("|")));
    }
    lines
}

#[test]
fn records_have_their_lines_and_offsets() {
    for (text, expected) in [
        ("a,b\nc,d", &["1@0 a|b", "2@4 c|d"][..]),
        ("a,b\r\nc,d\r\n", &["1@0 a|b", "2@5 c|d"]),
        ("a\rb\r", &["1@0 a", "2@2 b"]),
        ("\n\r\n\na\n\nb", &["4@4 a", "6@7 b"]),
        ("a,\"x\r\ny\n\nz\"\nb", &["1@0 a|x\r\ny\n\nz", "5@12 b"]),
        ("\"a\"\"b\",\"\",\n,\n", &["1@0 a\"b||", "2@11 |"]),
        ("\"A\" LLP,x \"y\"\n", &["1@0 A LLP|x \"y\" !BehindQuote"]),
        ("\"\"\n", &["1@0 "]),
        ("a,\"b\nc,d\ne,f", &["1@0 a|b !OpenQuote", "2@5 c|d", "3@9 e|f"]),
        ("\"b\nc,\"d\"\ne", &["1@0 b !OpenQuote", "2@3 c|d", "3@9 e"]),
        ("x,\"", &["1@0 x| !OpenQuote"]),
        ("\"a\" ,\"b\nc\"\t\n", &["1@0 a |b\nc\t"]),
        // the quote closes in the record after it: both are records
        ("1,\"a,x\n2,b\",y\n", &["1@0 1|a,x !OpenQuote", "2@7 2|b\"|y"]),
        ("0123456789abcdefgh,1\r\nb\n", &["1@0  !TooLong { bytes: 20 }", "2@22 b"]),
        ("\"123456789\nabcdef\"\nb\n", &["1@0 123456789 !OpenQuote", "2@11 abcdef\"", "3@19 b"]),
        ("", &[]),
        ("\n\n", &[]),
    ] {
        let bounds = Bounds { line_bytes: 16, ..Bounds::default() };
        for step in [1, 3, 1 << 20] {
            assert_eq!(split(text.as_bytes(), &bounds, step), expected, "{text:?} in steps of {step}");
        }
    }
}

#[test]
fn fields_over_the_bound_are_counted() -> io::Result<()> {
    let bounds = Bounds { fields: 3, ..Bounds::default() };
    let mut record = Record::default();
    assert!(Records::new(&b"1,2,3,4,5\n"[..], b',', &bounds, 0).next(&mut record)?);
    assert_eq!((record.fields.len(), record.count), (3, 5));
    Ok(())
}

#[test]
fn splits_as_the_csv_crate() {
    let letters = [b'a', b',', b'"', b'\n', b'\r', b' '];
    for seed in 0..60_000_u32 {
        let mut rest = seed.wrapping_mul(2_654_435_761);
        let text: Vec<u8> = (0..=seed % 9)
            .map(|_| {
                rest = rest.rotate_left(5).wrapping_mul(31).wrapping_add(7);
                letters[(rest >> 9) as usize % 6]
            })
            .collect();
        let ours = split(&text, &Bounds::default(), 1 << 20);
        if ours.iter().any(|line| line.contains('!')) {
            continue; // the csv crate knows no open quotes
        }
        let ours: Vec<String> = ours
            .iter()
            .map(|line| line.split_once(' ').map_or_else(String::new, |(_, fields)| fields.to_owned()))
            .collect();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
        let theirs: Vec<String> = reader
            .byte_records()
            .flatten()
            .map(|record| record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join("|"))
            .collect();
        assert_eq!(ours, theirs, "{:?}", String::from_utf8_lossy(&text));
    }
}
