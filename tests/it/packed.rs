//! Sources packed by gzip and zstd: the same cells as from the text, whoever reads it; torn ones are told, not counted.

use super::bench::{Case, folder};
use super::pass::{agree, pace};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn zstandard(text: &[u8]) -> Vec<u8> {
    // with a checksum, as the zstd program writes it
    let mut packed = zstd::Encoder::new(Vec::new(), 3).unwrap();
    packed.include_checksum(true).unwrap();
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

fn records(rows: u64, seed: u64) -> Vec<u8> {
    let mut file = Vec::new();
    super::records::write(rows, 30, seed, &mut file).unwrap();
    file
}

fn write(dir: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(dir.join(name), bytes).unwrap();
}

#[test]
fn packed_sources_come_to_what_their_text_comes_to() {
    let (one, two, three) = (records(2000, 7), records(900, 8), records(500, 9));
    let utf16: Vec<u8> = [0xfeff_u16]
        .into_iter()
        .chain(String::from_utf8_lossy(&three).encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [b"\xEF\xBB\xBF".as_slice(), &two].concat();
    let plain = tempfile::tempdir().unwrap();
    write(plain.path(), "services-1.csv", &one);
    write(plain.path(), "services-2.csv", &marked);
    write(plain.path(), "services-3.csv", &utf16);
    let packed = tempfile::tempdir().unwrap();
    // two members behind each other are one text
    let middle = one.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).nth(1000).unwrap() + 1;
    write(packed.path(), "services-1.csv.gz", &[gzip(&one[..middle]), gzip(&one[middle..])].concat());
    // the content decides, not the name
    write(packed.path(), "services-2.csv", &zstandard(&marked));
    write(packed.path(), "services-3.csv.zst", &zstandard(&utf16));
    let expected = Case::new(plain.path(), "3-mk", "2026Q3").run();
    let case = Case::new(packed.path(), "3-mk", "2026Q3");
    agree(&case, &[pace(1, 1 << 20, true), pace(3, 700, true), pace(2, 5000, false)], "packed");
    let found = case.run();
    assert_eq!(found.file("cells.csv"), expected.file("cells.csv"));
    assert_eq!(found.ledger(), expected.ledger());
    assert_eq!(found.codes(), expected.codes());
    let name = |name: &str| found.folder.join("quarantine").join(name).exists();
    assert!(name("services-1.csv") && name("services-2.csv") && name("services-3.csv"));
    let inputs = found.json("report.json")["provenance"]["inputs"].clone();
    for (input, name) in
        inputs.as_array().unwrap().iter().zip(["services-1.csv.gz", "services-2.csv", "services-3.csv.zst"])
    {
        let bytes = std::fs::read(packed.path().join(name)).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((input["name"].as_str(), input["sha256"].as_str()), (Some(name), Some(digest.as_str())));
        assert_eq!(input["bytes"].as_u64(), Some(bytes.len() as u64));
    }
}

/// Whatever is cut off or changed, either nothing of the file is counted, or all of it.
#[test]
fn torn_and_damaged_files_are_told() {
    let text = records(1500, 3);
    for (kind, whole) in [("gz", gzip(&text)), ("zst", zstandard(&text))] {
        let mut broken =
            vec![whole[..whole.len() - 3].to_vec(), whole[..whole.len() / 2].to_vec(), whole[..5].to_vec()];
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 0x10;
        broken.extend([changed, [whole.as_slice(), b"more"].concat()]);
        for bytes in broken {
            let dir = folder(&[(
                "refusals.csv",
                "record_id,provider_name,service_name,channel,applicant,received_at,refused_at,refusal_reason\nR1,П,У,egov_portal,individual,2026-07-01,2026-07-02,encumbrance\n",
            )]);
            write(dir.path(), &format!("services.csv.{kind}"), &bytes);
            for glance_bytes in [1, u64::MAX] {
                let mut case = Case::new(dir.path(), "4-mk", "2026Q3");
                case.pace.glance_bytes = glance_bytes;
                let ran = case.run();
                if kind == "gz" || ran.codes().iter().any(|code| code == "F-044") {
                    assert!(ran.codes().contains(&"F-044".to_owned()), "{:?}", ran.codes());
                    assert_eq!(ran.ledger(), [1, 1, 0, 0]);
                } else {
                    panic!("{} bytes of {} are read", bytes.len(), whole.len());
                }
            }
        }
    }
}
