//! Parquet sources: whoever wrote them they come to what the same records come to as CSV; damaged ones are told.

use super::bench::{Case, folder, root};
use super::pass::{agree, pace};
use parquet::basic::{Encoding, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int96, Int96Type};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::path::Path;
use std::sync::Arc;

/// Well-formed records, with all faults that such may have.
fn records(rows: u64, faults: u64, seed: u64) -> (Vec<String>, Vec<Vec<String>>) {
    let mut text = Vec::new();
    super::records::write(rows, faults, seed, &mut text).unwrap();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_slice());
    let own = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<String>>();
    let heads = own(reader.headers().unwrap());
    let whole = reader.records().filter_map(Result::ok).filter(|record| record.len() == heads.len());
    let rows = whole.filter(|record| !record.iter().any(|text| text.contains(['\n', '\0', '"'])));
    let rows = rows.map(|record| own(&record)).collect();
    (heads, rows)
}

fn as_csv(heads: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(heads).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

/// Texts as they are, missing values as such; `group`: rows of a group.
fn as_parquet(heads: &[String], rows: &[Vec<String>], group: usize, settings: WriterProperties) -> Vec<u8> {
    let column = |name: &String| {
        let of = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
        Arc::new(of.with_repetition(Repetition::OPTIONAL).build().unwrap())
    };
    let schema = Type::group_type_builder("records").with_fields(heads.iter().map(column).collect()).build().unwrap();
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, Arc::new(schema), Arc::new(settings)).unwrap();
    for rows in rows.chunks(group) {
        let mut group = writer.next_row_group().unwrap();
        for place in 0..heads.len() {
            let texts: Vec<&String> = rows.iter().map(|row| &row[place]).collect();
            let levels: Vec<i16> = texts.iter().map(|text| i16::from(!text.is_empty())).collect();
            let given = texts.into_iter().filter(|text| !text.is_empty());
            let values: Vec<ByteArray> = given.map(|text| ByteArray::from(text.as_str())).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    file
}

fn case(dir: &Path) -> Case {
    let mut case = Case::new(dir, "3-mk", "2026Q3");
    case.forms.push("4-mk".to_owned());
    case
}

#[test]
fn files_of_other_programs_come_to_what_the_text_comes_to() {
    let own = root().join("tests/parquet");
    let expected = case(&own.join("services.csv")).run();
    assert!(expected.ledger()[1] > 250);
    let mut files: Vec<_> = std::fs::read_dir(&own).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "parquet"));
    assert!(files.len() >= 7);
    for path in files {
        for pace in [pace(2, 1, true), pace(1, 1 << 20, false)] {
            let mut case = case(&path);
            case.pace = pace;
            let found = case.run();
            assert_eq!(found.file("cells.csv"), expected.file("cells.csv"), "{}", path.display());
            let mut codes = found.codes();
            // old moments do not say in which time they are: how they were taken is told
            let is_old = path.ends_with("int96.parquet");
            assert_eq!(codes.contains(&"F-054".to_owned()), is_old, "{}", path.display());
            codes.retain(|code| code != "F-054");
            assert_eq!((found.ledger(), codes), (expected.ledger(), expected.codes()), "{}", path.display());
        }
    }
}

#[test]
fn every_encoding_and_any_reader_come_to_the_same() {
    let (heads, rows) = records(3000, 60, 11);
    let text = tempfile::tempdir().unwrap();
    std::fs::write(text.path().join("services.csv"), as_csv(&heads, &rows)).unwrap();
    let expected = case(text.path()).run();
    assert!(expected.ledger()[3] > 50, "{:?}", expected.ledger());
    let settings = |version, encoding| {
        let all = WriterProperties::builder().set_writer_version(version).set_data_page_row_count_limit(333);
        match encoding {
            None => all.set_dictionary_page_size_limit(900).build(),
            Some(encoding) => all.set_dictionary_enabled(false).set_encoding(encoding).build(),
        }
    };
    let encodings =
        [None, Some(Encoding::PLAIN), Some(Encoding::DELTA_BYTE_ARRAY), Some(Encoding::DELTA_LENGTH_BYTE_ARRAY)];
    for (version, encoding) in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0]
        .into_iter()
        .flat_map(|version| encodings.map(|encoding| (version, encoding)))
    {
        let about = format!("{version:?} {encoding:?}");
        let dir = tempfile::tempdir().unwrap();
        let file = as_parquet(&heads, &rows, 700, settings(version, encoding));
        std::fs::write(dir.path().join("services.parquet"), file).unwrap();
        let case = case(dir.path());
        agree(&case, &[pace(1, 1, true), pace(3, 1 << 10, true), pace(2, 64, false)], &about);
        let found = case.run();
        assert_eq!(found.file("cells.csv"), expected.file("cells.csv"), "{about}");
        assert_eq!((found.ledger(), found.codes()), (expected.ledger(), expected.codes()), "{about}");
        // the first row of a CSV file stands on its second line
        let lines = |ran: &super::bench::Ran, head: u64| -> Vec<(u64, String)> {
            let findings = ran.json("findings.json")["findings"].as_array().unwrap().clone();
            let placed = findings.iter().filter_map(|finding| {
                Some((finding["place"]["line"].as_u64()? - head, finding["code"].as_str()?.to_owned()))
            });
            placed.collect()
        };
        assert_eq!(lines(&found, 0), lines(&expected, 1), "{about}");
    }
}

#[test]
fn folders_give_their_names_to_the_rows() {
    let (heads, rows) = records(900, 20, 5);
    let place = heads.iter().position(|head| head == "channel").unwrap();
    let text = tempfile::tempdir().unwrap();
    std::fs::write(text.path().join("services.csv"), as_csv(&heads, &rows)).unwrap();
    let expected = case(text.path()).run();
    let dir = tempfile::tempdir().unwrap();
    let other: Vec<String> = heads.iter().filter(|head| *head != "channel").cloned().collect();
    let mut channels: Vec<&String> = rows.iter().map(|row| &row[place]).collect();
    channels.sort();
    channels.dedup();
    for channel in channels {
        let of: Vec<Vec<String>> = rows
            .iter()
            .filter(|row| row[place] == *channel)
            .map(|row| row.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, text)| text.clone()).collect())
            .collect();
        let name = if channel.is_empty() { "__HIVE_DEFAULT_PARTITION__" } else { channel.as_str() };
        let folder = dir.path().join(format!("services/channel={}", name.replace(' ', "%20")));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("part-0.parquet"), as_parquet(&other, &of, 100, WriterProperties::default()))
            .unwrap();
    }
    let found = case(dir.path()).run();
    assert_eq!(found.file("cells.csv"), expected.file("cells.csv"));
    assert_eq!(found.ledger(), expected.ledger());
}

/// Services whose moments do not say in which time they are; minutes since 2026-09-30 00:00.
fn with_old_moments(received: &[i64], completed: &[i64]) -> Vec<u8> {
    let texts = ["record_id", "provider_name", "service_name", "channel", "applicant"];
    let fields: String = texts.iter().map(|name| format!("required binary {name} (UTF8); ")).collect();
    let schema = format!("message rows {{ {fields} required int96 received_at; required int96 completed_at; }}");
    let schema = Arc::new(parquet::schema::parser::parse_message_type(&schema).unwrap());
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for name in texts {
        let value = |row: usize| match name {
            "record_id" => ByteArray::from(format!("r{row}").as_str()),
            "channel" => "egov_portal".into(),
            "applicant" => "individual".into(),
            _ => "Справка".into(),
        };
        let mut column = group.next_column().unwrap().unwrap();
        let values: Vec<ByteArray> = (0..received.len()).map(value).collect();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    for minutes in [received, completed] {
        let moment = |minutes: &i64| {
            let (day, nanos) = (minutes.div_euclid(1440), minutes.rem_euclid(1440) * 60_000_000_000);
            let mut moment = Int96::new();
            let low = |number: i64| u32::try_from(number & 0xFFFF_FFFF).unwrap();
            moment.set_data(low(nanos), low(nanos >> 32), u32::try_from(2_461_314 + day).unwrap());
            moment
        };
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int96Type>().write_batch(&minutes.iter().map(moment).collect::<Vec<_>>(), None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    file
}

/// The evening of the quarter's last day is the next quarter's in universal time: a person says which it is.
#[test]
fn a_mapping_says_in_which_time_old_moments_are() {
    let (received, completed) = ([-3000, -2900, -2800], [-1000, 1200, 1139]);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("services.parquet"), with_old_moments(&received, &completed)).unwrap();
    let headers = ["record_id", "provider_name", "service_name", "channel", "applicant", "received_at", "completed_at"];
    for (said, shift, code) in [("", 300, "F-054"), ("false", 300, "F-152"), ("true", 0, "F-151")] {
        let texts = tempfile::tempdir().unwrap();
        let mut text = headers.join(",") + "\n";
        for (row, (received, completed)) in received.iter().zip(&completed).enumerate() {
            let day = |minutes: &i64| {
                let moment = chrono::NaiveDate::from_ymd_opt(2026, 9, 30).unwrap().and_hms_opt(0, 0, 0).unwrap();
                (moment + chrono::TimeDelta::minutes(minutes + shift)).format("%Y-%m-%d %H:%M").to_string()
            };
            let (received, completed) = (day(received), day(completed));
            text += &format!("r{row},Справка,Справка,egov_portal,individual,{received},{completed}\n");
        }
        std::fs::write(texts.path().join("services.csv"), text).unwrap();
        let expected = case(texts.path()).run();
        let mapping = dir.path().join("mapping.toml");
        let line = if said.is_empty() { String::new() } else { format!("local_moments = {said}\n") };
        let columns: String = headers.iter().map(|header| format!("{header} = \"{header}\"\n")).collect();
        let head = format!(
            "[[head]]\nheaders = {headers:?}\ntable = \"services\"\nconfirmed = true\n{line}[head.columns]\n{columns}"
        );
        std::fs::write(&mapping, head).unwrap();
        for one_by_one in [false, true] {
            let mut case = case(dir.path());
            (case.mapping, case.pace.one_by_one) = (Some(mapping.clone()), one_by_one);
            let found = case.run();
            assert_eq!(found.file("cells.csv"), expected.file("cells.csv"), "{said} {one_by_one}");
            let codes = found.codes();
            let told: Vec<&str> =
                ["F-054", "F-151", "F-152"].into_iter().filter(|one| codes.contains(&(*one).to_owned())).collect();
            assert_eq!(told, [code], "{said}");
        }
    }
    let out = tempfile::tempdir().unwrap();
    let request = esep::commands::init::InitArgs {
        paths: vec![dir.path().join("services.parquet")],
        out: Some(out.path().to_owned()),
        ..Default::default()
    };
    let spoken = esep::commands::out::spoken::Spoken {
        given: vec![esep::words::lang::Lang::Ru],
        terminal: esep::words::lang::Lang::Ru,
    };
    request.run(&spoken, super::bench::definitions()).unwrap();
    let asked = std::fs::read_to_string(out.path().join("mapping.toml")).unwrap();
    assert!(asked.contains("#? local_moments = false") && asked.contains("INT96"), "{asked}");
}

#[test]
fn records_that_stand_in_both_kinds_of_files_are_counted_once() {
    let (heads, rows) = records(400, 0, 6);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("services-1.csv"), as_csv(&heads, &rows)).unwrap();
    let file = as_parquet(&heads, &rows[..150], 60, WriterProperties::default());
    std::fs::write(dir.path().join("services-2.parquet"), file).unwrap();
    let case = case(dir.path());
    agree(&case, &[pace(2, 1, true), pace(3, 900, false)], "both kinds");
    let (read, rows) = (case.run().ledger(), rows.len() as u64);
    assert_eq!((read[0], read[2]), (rows + 150, 150));
}

/// Whatever is cut off or changed, either nothing of the file is counted, or all of it.
#[test]
fn damaged_files_are_told() {
    const REFUSALS: &str = "record_id,provider_name,service_name,channel,applicant,received_at,refused_at,\
        refusal_reason\nR1,П,У,egov_portal,individual,2026-07-01,2026-07-02,encumbrance\n";
    let (heads, rows) = records(600, 0, 3);
    let own = root().join("tests/parquet");
    let packed = ["snappy", "gzip-v2", "lz4", "zstd-delta", "int96", "polars", "duckdb"];
    let mut files: Vec<Vec<u8>> =
        packed.iter().map(|name| std::fs::read(own.join(format!("{name}.parquet"))).unwrap()).collect();
    files.push(as_parquet(&heads, &rows, 200, WriterProperties::default()));
    let mut state = 1_u64;
    let mut random = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let (mut told, mut counted) = (0, 0);
    for whole in files {
        let dir = folder(&[("refusals.csv", REFUSALS)]);
        std::fs::write(dir.path().join("services.parquet"), &whole).unwrap();
        let all = Case::new(dir.path(), "4-mk", "2026Q3").run().ledger()[0];
        let mut broken: Vec<Vec<u8>> =
            [whole.len() - 3, whole.len() / 2, 5, 4].iter().map(|end| whole[..*end].to_vec()).collect();
        for _ in 0..12 {
            let mut changed = whole.clone();
            let at = random(changed.len());
            changed[at] ^= 1 << random(8);
            broken.push(changed);
        }
        for bytes in broken {
            let dir = folder(&[("refusals.csv", REFUSALS)]);
            std::fs::write(dir.path().join("services.parquet"), &bytes).unwrap();
            let mut outcomes = Vec::new();
            for glance_bytes in [1, u64::MAX] {
                let mut case = Case::new(dir.path(), "4-mk", "2026Q3");
                case.pace.glance_bytes = glance_bytes;
                let ran = case.run();
                let [read, accepted, duplicates, quarantined] = ran.ledger();
                assert_eq!(read, accepted + duplicates + quarantined);
                if ran.codes().contains(&"F-046".to_owned()) {
                    assert_eq!(read, 1, "nothing of a damaged file is counted");
                    told += 1;
                } else {
                    assert!(read == all || read == 1 && !ran.codes().is_empty(), "{read} of {all} rows");
                    counted += 1;
                }
                outcomes.push((read, ran.codes()));
            }
            assert_eq!(outcomes[0], outcomes[1], "small and large files are judged alike");
        }
    }
    assert!(told > 60 && counted > 20, "{told} told, {counted} counted");
}
