//! Service records of any number, skewed like life: 1,300 services, 4,000 providers, all channels, causes and reasons
//! of the contract, Cyrillic names, the third quarter of 2026; some rows are wrong in one of ten ways.
#![allow(clippy::unwrap_used, clippy::pedantic)]

use std::io::Write;

const SERVICES: usize = 1300;
const PROVIDERS: usize = 4000;
const HEADER: &str = "record_id,provider_bin,provider_name,service_code,service_name,channel,form,information_system,\
    applicant,received_at,due_at,term_value,term_unit,completed_at,outcome,refusal_reason,delay_cause,delay_act\n";
const KINDS: [&str; 8] =
    ["Выдача", "Регистрация", "Назначение", "Продление", "Учёт", "Аттестация", "Переоформление", "Лицензирование"];
const THINGS: [&str; 12] = [
    "справки",
    "пособия",
    "земельного участка",
    "транспорта",
    "архивных документов",
    "недвижимости",
    "детей, оставшихся без попечения",
    "пестицидов",
    "недропользователя",
    "оружия",
    "специалиста",
    "выплаты «Алтын алқа»",
];
const BODIES: [&str; 7] =
    ["Аппарат акима", "Отдел занятости", "ЖКХ", "Отдел земельных отношений", "УГД", "РОО", "ХҚКО"];
const PLACES: [&str; 9] = [
    "г. Сарыжайлау",
    "Көктал ауданы",
    "р-на Жаңасу",
    "Бірлік",
    "с/о Аққайың",
    "г. Темірқала",
    "Үшбұлақ",
    "р-на Қызылтас",
    "пос. Өзен",
];
const CHANNELS: [(&str, u64); 7] = [
    ("egov_portal", 520),
    ("state_corporation", 800),
    ("elicense", 860),
    ("is_no_contact", 920),
    ("office_paper", 960),
    ("is_direct_contact", 985),
    ("office_paper_alternative", 1000),
];
const SYSTEMS: [&str; 5] = ["ИС «Е-Собес»", "ИС ЕНИС", "ИС «Көлік»", "АИС ГЗК", "ИС «Талап»"];
/// The last two are those of the portals (form 4-mk).
const CAUSES: [&str; 7] = [
    "corporation_employee",
    "provider",
    "power_outage",
    "network_failure",
    "mail_delivery",
    "is_failure",
    "other_technical",
];
const REASONS: [&str; 10] = [
    "other_justified",
    "unreliable_documents",
    "requirements_not_met",
    "negative_approval",
    "corporation_incomplete_package",
    "provider_unjustified",
    "encumbrance",
    "court_ban",
    "court_deprivation",
    "no_personal_data_consent",
];

/// splitmix64.
struct Rng(u64);

impl Rng {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(n)) >> 64) as u64
    }

    /// 0 … n − 1, small numbers far more often: the first percent gets a third.
    fn skewed(&mut self, n: usize) -> usize {
        let unit = (self.draw() >> 11) as f64 / (1_u64 << 53) as f64;
        (unit.powi(4) * n as f64) as usize
    }
}

/// Services and providers as they are written in every row, days as text.
struct World {
    services: Vec<String>,
    providers: Vec<String>,
    days: Vec<String>,
}

impl World {
    fn new() -> Self {
        let name = |index: usize| {
            let name = format!("{} {}", KINDS[index % 8], THINGS[index / 8 % 12]);
            let name = if index < 96 { name } else { format!("{name} {}", index / 96 + 1) };
            if name.contains(',') { format!("\"{name}\"") } else { name }
        };
        let services = (0..SERVICES).map(|index| format!("{:08},{}", 100_000 + index * 37, name(index))).collect();
        let body = |index: usize| format!("{} {} № {}", BODIES[index % 7], PLACES[index / 7 % 9], index / 63 + 1);
        let providers = (0..PROVIDERS).map(|index| format!("{},{}", bin(index as u64), body(index))).collect();
        let first = chrono::NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        let days = first.iter_days().take(400).map(|day| day.to_string()).collect();
        Self { services, providers, days }
    }
}

/// A BIN with its check digit.
fn bin(index: u64) -> String {
    (0..10)
        .map(|digit| format!("{:011}{digit}", 9_904_400_000 + index * 10))
        .find(|bin| esep::values::business_number::is_sound(bin))
        .unwrap_or_else(|| format!("{:011}0", 9_904_400_000 + index * 10))
}

/// What a row says, before it is written.
struct Draft {
    id: u64,
    service: usize,
    provider: usize,
    channel: &'static str,
    received: usize,
    minute: u64,
    days: usize,
    term: u64,
    refused: bool,
    late: bool,
    act: bool,
    finished: bool,
}

fn draft(rng: &mut Rng, id: u64) -> Draft {
    let dice = rng.below(1000);
    let channel = CHANNELS.iter().find(|(_, upto)| dice < *upto).unwrap().0;
    let late = rng.below(1000) < 15;
    let received = 20 + rng.below(131) as usize;
    let days = if late { 40 + rng.below(9) } else { rng.below(13) } as usize;
    let provider = rng.skewed(PROVIDERS);
    Draft {
        id,
        // a provider has between one and 24 of the services
        service: (provider * 17 + rng.skewed(1 + provider % 24)) % SERVICES,
        provider,
        channel,
        received,
        minute: 540 + rng.below(540),
        days,
        term: rng.below(10),
        refused: rng.below(100) < 6,
        late,
        act: true,
        finished: late || received < 138 || rng.below(100) >= 8,
    }
}

fn row(rng: &mut Rng, world: &World, draft: &Draft, out: &mut Vec<u8>) {
    let form = match draft.channel {
        "state_corporation" => ["paper", "electronic"][usize::from(draft.id.is_multiple_of(3))],
        _ => "",
    };
    let system = if draft.channel.starts_with("is_") { SYSTEMS[rng.below(5) as usize] } else { "" };
    let applicant = if rng.below(10) < 8 { "individual" } else { "legal_entity" };
    let (hour, minute) = (draft.minute / 60, draft.minute % 60);
    write!(
        out,
        "EG{:010},{},{},{},{form},{system},{applicant},{} {hour:02}:{minute:02},",
        draft.id,
        world.providers[draft.provider],
        world.services[draft.service],
        draft.channel,
        world.days[draft.received]
    )
    .unwrap();
    match draft.term {
        0 | 1 => out.extend_from_slice(b",15,working_days,"),
        2 => out.extend_from_slice(b",30,calendar_days,"),
        _ => write!(out, "{},,,", world.days[draft.received + 15]).unwrap(),
    }
    if !draft.finished {
        out.extend_from_slice(b",in_progress,,,\n");
        return;
    }
    let outcome = if draft.refused { "refused" } else { "rendered" };
    write!(
        out,
        "{} {:02}:{minute:02},{outcome},",
        world.days[draft.received + draft.days],
        hour + draft.minute % (18 - hour)
    )
    .unwrap();
    if draft.refused {
        out.extend_from_slice(REASONS[rng.skewed(10)].as_bytes());
    }
    out.push(b',');
    if draft.late {
        let portal = matches!(draft.channel, "egov_portal" | "elicense");
        let cause = CAUSES[if portal { 5 + rng.below(2) } else { rng.below(7) } as usize];
        out.extend_from_slice(cause.as_bytes());
        out.push(b',');
        if draft.act && ["power_outage", "network_failure", "is_failure"].contains(&cause) {
            write!(out, "акт № {} от {}", rng.below(900), world.days[draft.received + 15]).unwrap();
        }
    } else {
        out.push(b',');
    }
    out.push(b'\n');
}

/// Spoils the row that begins at `start`, or lets it repeat an id.
fn spoil(rng: &mut Rng, world: &World, mut draft: Draft, start: usize, out: &mut Vec<u8>) {
    let swap = |out: &mut Vec<u8>, from: &str, to: &[u8]| {
        let text = &out[start..];
        if let Some(at) = text.windows(from.len()).position(|part| part == from.as_bytes()) {
            out.splice(start + at..start + at + from.len(), to.iter().copied());
        }
    };
    match rng.below(10) {
        0 => swap(out, &world.days[draft.received].clone(), b"31.02.2026"),
        1 => swap(out, draft.channel, "почта".as_bytes()),
        2 => swap(out, ",", b",,"),
        3 => swap(out, "EG", b"\xFF"),
        4 => swap(out, "individual", "физлицо?".as_bytes()),
        5 => {
            out.truncate(start);
            draft.act = false;
            (draft.late, draft.finished, draft.days) = (true, true, 45);
            row(rng, world, &draft, out);
        }
        6 => {
            let copy = out[start..].to_vec();
            out.extend_from_slice(&copy);
        }
        7 | 8 => {
            draft.id = rng.below(draft.id.max(2));
            out.truncate(start);
            row(rng, world, &draft, out);
        }
        _ => swap(out, "20", b"\"20"),
    }
}

/// Writes so many rows under a header; of 1,000 rows `faults` are spoiled, repeats of ids among them.
pub fn write(rows: u64, faults: u64, seed: u64, file: &mut impl Write) -> std::io::Result<()> {
    let (mut rng, world) = (Rng(seed), World::new());
    file.write_all(HEADER.as_bytes())?;
    let mut out = Vec::with_capacity(1 << 12);
    for id in 0..rows {
        out.clear();
        let draft = draft(&mut rng, id);
        row(&mut rng, &world, &draft, &mut out);
        if rng.below(1000) < faults {
            spoil(&mut rng, &world, draft, 0, &mut out);
        }
        file.write_all(&out)?;
    }
    Ok(())
}
