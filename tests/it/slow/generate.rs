//! Random record sets: same seed, same bytes; different seeds, different shapes.

use super::calendar;
use super::generate_files::{columns, reference_twice, repeat, spoil, write_table};
use super::generate_rows as rows;
use super::schema::tables;
use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime};
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Clone, Debug)]
pub struct Case {
    pub form: String,
    pub period: String,
    pub as_of: NaiveDate,
}

/// splitmix64.
pub struct Rng(pub u64);

impl Rng {
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// 0 … n − 1.
    pub fn below(&mut self, n: u64) -> u64 {
        self.draw() % n
    }
    /// from … to, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1) as u64) as i64
    }
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// One of the codes or nothing, each as likely.
    pub fn pick_or_none(&mut self, from: &[&str]) -> String {
        let at = self.below(from.len() as u64 + 1) as usize;
        at.checked_sub(1).map(|at| from[at].to_owned()).unwrap_or_default()
    }
}

/// field → text, as it will stand in the file.
pub type Draft = BTreeMap<&'static str, String>;

/// What is the same for a whole record set.
pub struct Shape {
    pub rng: Rng,
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// Code and name; some share a name.
    pub services: Vec<(String, String)>,
    pub providers: Vec<(String, String)>,
    pub systems: Vec<&'static str>,
    pub events: u64,
    pub persons: u64,
    /// Shares in per cent.
    pub border: u64,
    pub timed: u64,
    pub codeless: u64,
    pub nameless: u64,
    pub respelled: u64,
    pub due_at: u64,
    pub own_term: u64,
    pub corporation: u64,
    pub outside: u64,
}

const SERVICE_NAMES: &[&str] = &[
    "Выдача справки о наличии земельного участка",
    "Приём документов «Дәрілік заттар»",
    "Учёт детей, нуждающихся в жилье",
    "Назначение пособия",
    "Мүгедектігі бар адамдарға көмек",
    "Регистрация «Ёлка, берёза» и питомников",
    "Issue of a permit",
    "Продление лицензии",
    "Апостилирование",
    "Шаруа қожалығын тіркеу",
];
const PROVIDER_NAMES: &[&str] = &[
    "Акимат города Семёновка",
    "ТОО «Береке»",
    "Управление занятости",
    "ГУ «Отдел архитектуры», район Жетісу",
    "Ауыл әкімдігі",
];

/// Writes one random record set for `seed` into `dir` (new or empty) and says what to count from it.
pub fn record_set(seed: u64, dir: &Path) -> Case {
    let mut rng = Rng(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5eed);
    let form = (*rng.pick(&["1-mk", "2-mk", "3-mk", "4-mk"])).to_string();
    let quarter = rng.between(2021 * 4 + 2, 2027 * 4 + 2); // 2021Q3 … 2027Q3
    let period = format!("{}Q{}", quarter / 4, quarter % 4 + 1);
    let [one, two, three] = months(&period);
    let as_of = match rng.below(12) {
        0..=3 => three.last + Days::new(1),
        4 => three.last,
        5 => one.last + Days::new(rng.below(2)),
        6 => two.last + Days::new(rng.below(2)),
        7 | 8 => one.first + Days::new(rng.below(92)),
        9 if rng.chance(40) => one.first - Days::new(rng.below(3)),
        _ => three.last + Days::new(1 + rng.below(90)),
    };
    let mut shape = new_shape(rng, one.first, three.last, &form);
    std::fs::create_dir_all(dir).expect("the folder of the record set");
    let present = *shape.rng.pick(&[100, 100, 90, 75, 40]);
    let most = *shape.rng.pick(&[30, 60, 100, 150]);
    let faulty = *shape.rng.pick(&[0, 0, 2, 5, 12]);
    let repeated = *shape.rng.pick(&[0, 3, 8]);
    let dropped = *shape.rng.pick(&[0, 0, 3, 10]);
    let mut refused = Vec::new();
    for spec in tables() {
        // 3-mk and 4-mk live on services and refusals: these are absent less often.
        let is_main = spec.name == "services" || spec.name == "refusals";
        if !shape.rng.chance(if is_main { present.max(75) } else { present }) {
            continue;
        }
        let wanted = if shape.rng.chance(6) { 0 } else { shape.rng.between(10, most) };
        let wanted = if spec.name == "register" { wanted.min(25) } else { wanted };
        let columns = columns(&mut shape.rng, &spec, dropped);
        let mut drafts = Vec::new();
        for number in 0..wanted {
            let mut draft = rows::draft(&mut shape, spec.name, number as u64);
            reference_twice(&mut shape.rng, &spec, &mut draft, &columns, &mut refused);
            if shape.rng.chance(faulty) {
                spoil(&mut shape.rng, &spec, &mut draft);
            }
            drafts.push(draft);
        }
        repeat(&mut shape.rng, &mut drafts, repeated);
        write_table(&mut shape.rng, dir, &spec, &columns, &drafts);
    }
    Case { form, period, as_of }
}

fn new_shape(mut rng: Rng, first: NaiveDate, last: NaiveDate, form: &str) -> Shape {
    let mut services = Vec::new();
    for number in 0..rng.between(1, 7) {
        let name = *rng.pick(SERVICE_NAMES);
        services.push((format!("{:08}", 100_101 + number * 37), name.to_string()));
    }
    let mut providers = Vec::new();
    for number in 0..rng.between(1, 5) {
        let name = *rng.pick(PROVIDER_NAMES);
        providers.push((bin(&mut rng, number), name.to_string()));
    }
    let is_3 = form == "3-mk";
    Shape {
        first,
        last,
        services,
        providers,
        systems: vec!["ИС «Е-Өтініш»", "АИС Город", "E-Sanat, v2"][..rng.between(1, 3) as usize].to_vec(),
        events: rng.between(1, 12) as u64,
        persons: rng.between(2, 40) as u64,
        border: *rng.pick(&[10, 40, 80]),
        timed: *rng.pick(&[0, 30, 60, 100]),
        codeless: *rng.pick(&[0, 15, 50, 90]),
        nameless: *rng.pick(&[0, 10, 30]),
        respelled: *rng.pick(&[0, 20, 50]),
        due_at: *rng.pick(&[0, 25, 60]),
        own_term: *rng.pick(&[0, 40, 80]),
        corporation: if is_3 { 70 } else { 15 },
        outside: *rng.pick(&[0, 0, 0, 2]),
        rng,
    }
}

/// A BIN with its check digit, now and then a wrong one (a warning only).
fn bin(rng: &mut Rng, number: i64) -> String {
    if rng.chance(4) {
        return format!("12{number}");
    }
    loop {
        let eleven = format!("{:02}{:02}40{:05}", rng.between(0, 24), rng.between(1, 12), rng.between(0, 99_999));
        let weigh = |shift: usize| -> u32 {
            let digits = eleven.bytes().enumerate();
            digits.map(|(at, digit)| u32::from(digit - b'0') * ((at + shift) % 11 + 1) as u32).sum::<u32>() % 11
        };
        let check = if weigh(0) == 10 { weigh(2) } else { weigh(0) };
        if check < 10 {
            return format!("{eleven}{check}");
        }
    }
}

impl Shape {
    /// A day near or in the quarter, often at a border of a month or at a day off.
    pub fn day(&mut self) -> NaiveDate {
        if self.rng.chance(self.outside) {
            let days: &[(i32, u32, u32)] =
                &[(2015, 12, 20), (2015, 12, 31), (2027, 12, 20), (2027, 12, 31), (2028, 1, 3), (1999, 5, 5)];
            let (year, month, day) = *self.rng.pick(days);
            return NaiveDate::from_ymd_opt(year, month, day).expect("a day");
        }
        if self.rng.chance(self.border) {
            let month = self.first + chrono::Months::new(self.rng.between(0, 3) as u32);
            return month - Days::new(self.rng.below(2));
        }
        if self.rng.chance(15) {
            let near = self.first - Days::new(10);
            let special: Vec<NaiveDate> =
                calendar::exceptions().keys().copied().filter(|day| near <= *day && *day <= self.last).collect();
            if !special.is_empty() {
                return *self.rng.pick(&special) + Duration::days(self.rng.between(-1, 2));
            }
        }
        let length = (self.last - self.first).num_days();
        let early = if self.rng.chance(85) { 0 } else { -30 };
        self.first + Duration::days(self.rng.between(early, length + if early == 0 { 0 } else { 15 }))
    }

    pub fn time(&mut self) -> (u32, u32) {
        let random = (self.rng.below(24) as u32, self.rng.below(60) as u32);
        *self.rng.pick(&[(0, 0), (23, 59), (9, 0), (18, 0), random, random])
    }

    /// A date in one of the listed formats.
    pub fn write_day(&mut self, day: NaiveDate) -> String {
        match self.rng.below(4) {
            0 => day.format("%d.%m.%Y").to_string(),
            1 => format!("{}.{}.{}", day.day(), day.month(), day.year()),
            _ => day.format("%Y-%m-%d").to_string(),
        }
    }

    /// A moment in one of the listed formats; seconds, fractions and offsets now and then.
    pub fn write_moment(&mut self, moment: NaiveDateTime) -> String {
        let mut moment = moment;
        let mut tail = match self.rng.below(8) {
            0 => ":00".to_string(),
            1 => ":59".to_string(),
            2 => ":07.250".to_string(),
            _ => String::new(),
        };
        if self.rng.chance(10) {
            let (offset, minutes) =
                *self.rng.pick(&[("Z", 0), ("+05:00", 300), ("+03:00", 180), ("+06:00", 360), ("-04:30", -270)]);
            moment += Duration::minutes(minutes - 300);
            tail.push_str(offset);
        }
        let between = *self.rng.pick(&["T", " "]);
        format!("{}{between}{}{tail}", self.write_day(moment.date()), moment.format("%H:%M"))
    }

    /// A day, with a time in the shape's share of cases.
    pub fn write_maybe_timed(&mut self, day: NaiveDate) -> String {
        if self.rng.chance(self.timed) {
            let (hour, minute) = self.time();
            return self.write_moment(day.and_hms_opt(hour, minute, 0).expect("a time"));
        }
        self.write_day(day)
    }
}

/// First and last day of a month.
struct Month {
    first: NaiveDate,
    last: NaiveDate,
}

/// The three months of "2026Q3".
fn months(period: &str) -> [Month; 3] {
    let (year, quarter) = period.split_once('Q').expect("a period such as 2026Q3");
    let year: i32 = year.parse().expect("a year");
    let quarter: u32 = quarter.parse().expect("a quarter");
    [1, 2, 3].map(|number| {
        let month = (quarter - 1) * 3 + number;
        let first = NaiveDate::from_ymd_opt(year, month, 1).expect("a month");
        let next = if month == 12 {
            NaiveDate::from_ymd_opt(year + 1, 1, 1)
        } else {
            NaiveDate::from_ymd_opt(year, month + 1, 1)
        };
        Month { first, last: next.and_then(|day| day.pred_opt()).expect("a last day") }
    })
}
