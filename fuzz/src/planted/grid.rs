//! A sheet as people lay it out: notes, heads, numbered records, totals, further heads and tables.

use super::dice::Dice;
use super::value::{Cell, Meaning, SERVICES, TRAINING, header, table, value};

/// A record that was planted, and what it must say if it counts.
#[derive(Debug, Clone)]
pub struct Planted {
    pub table: &'static str,
    /// Of each cell its field.
    pub columns: Vec<Option<&'static str>>,
    pub means: Vec<(&'static str, Meaning)>,
}

impl Planted {
    /// What a cell means from now on.
    pub fn mean(&mut self, column: usize, change: impl Fn(&str, &str) -> Meaning) {
        let Some(field) = self.columns.get(column).copied().flatten() else { return };
        if let Some((_, means)) = self.means.iter_mut().find(|(own, _)| *own == field) {
            *means = means.as_deref().and_then(|means| change(field, means));
        }
    }

    /// Whether a cell means something: of a quote behind a word for nothing nobody can tell what it says.
    pub fn says(&self, column: usize) -> bool {
        let field = self.columns.get(column).copied().flatten();
        let means = self.means.iter().find(|(own, _)| Some(*own) == field);
        means.is_none_or(|(_, means)| means.as_deref().is_some_and(|means| !means.is_empty()))
    }

    /// It must not count.
    pub fn spoil(&mut self) {
        self.means[0].1 = None;
    }
}

#[derive(Debug, Clone, Default)]
pub struct Line {
    pub cells: Vec<Cell>,
    pub planted: Option<Planted>,
    /// Records of another table stand beside: from this line of their head on.
    pub beside: Option<usize>,
    pub hidden: bool,
}

/// Cells merged into one, lines and columns from 0, both ends inside.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    pub lines: (usize, usize),
    pub columns: (usize, usize),
}

#[derive(Debug, Default)]
pub struct Grid {
    pub lines: Vec<Line>,
    pub merges: Vec<Merge>,
}

/// A table with its columns as they stand.
#[derive(Clone)]
struct Head {
    table: &'static str,
    /// `None`: a column of which nobody knows anything.
    columns: Vec<Option<&'static str>>,
    names: Vec<String>,
}

impl Head {
    fn new(table: &'static str, dice: &mut Dice<'_>) -> Self {
        let fields: &[&'static str] = if table == "training" { &TRAINING } else { &SERVICES };
        let mut columns: Vec<Option<&'static str>> = fields.iter().copied().map(Some).collect();
        if dice.is_one_in(3) {
            for _ in 0..3 {
                let (one, other) = (dice.roll(columns.len()), dice.roll(columns.len()));
                columns.swap(one, other);
            }
        }
        if dice.is_one_in(4) {
            columns.insert(dice.roll(columns.len() + 1), None);
        }
        let mut head = Self { table, columns, names: Vec::new() };
        head.spell(dice);
        head
    }

    fn spell(&mut self, dice: &mut Dice<'_>) {
        let table = table(self.table);
        let name = |field: &Option<&str>| match field {
            Some(field) => header(table, field, dice),
            None => "Заметки отдела".to_owned(),
        };
        self.names = self.columns.iter().map(name).collect();
    }

    /// Two columns that look alike change places, or one is no longer what it was.
    fn change(&mut self, dice: &mut Dice<'_>) {
        let pairs = [("received_at", "completed_at"), ("record_id", "service_code"), ("service_code", "service_name")];
        let (one, other) = pairs[dice.roll(pairs.len())];
        let place = |field: &str| self.columns.iter().position(|own| *own == Some(field));
        match (place(one), place(other), place("quantity")) {
            (Some(one), Some(other), _) if !dice.is_one_in(3) => {
                self.columns.swap(one, other);
                self.names.swap(one, other);
            }
            (.., Some(quantity)) => {
                self.columns[quantity] = None;
                "Заметки отдела".clone_into(&mut self.names[quantity]);
            }
            _ => {}
        }
    }

    fn line(&self) -> Line {
        Line { cells: self.names.iter().cloned().map(Cell::Text).collect(), ..Line::default() }
    }
}

/// What stands about a table and is no record.
fn note(dice: &mut Dice<'_>, width: usize) -> Line {
    let texts: &[&str] = match dice.roll(26) {
        0 => &["Отчёт об оказанных услугах за 3 квартал 2026"],
        1 => &["Итого", "", "12"],
        2 => &["", "Всего за июль:", "3"],
        3 => &["(3 rows affected)"],
        4 => &["Исполнитель:", "", "подпись"],
        5 => &["М.П."],
        6 => &["Примечание: данные уточняются"],
        7 => &["", "", "Барлығы", "5"],
        8 => &["Утверждаю", "", "", "2026 год"],
        9 => &[""],
        10 => &["Итог"],
        11 => &["Итого", "", "", "", "", "", "", "12"],
        12 => &["Услуги отдела", "Справки", "", "", "с начала года"],
        13 => &["Жалпы саны", "", "", "7"],
        14 => &["", "Общее количество:", "", "", "14"],
        15 => &["Grand Total", "", "3"],
        16 => &["", "", "", "Подытог", "9"],
        17 => &["Ай бойынша барлығы", "21"],
        18 => &["Июль 2026"],
        19 => &["за июль месяц 2026 года"],
        20 => &["", "Шілде айы"],
        21 => &["Время выполнения: 2026-10-01 09:12:44"],
        22 => &["Выбрано строк: 120"],
        23 => &["Орындаушы:", "", "", "қолы"],
        24 => &["Источник: журнал отдела, лист 4"],
        _ => {
            let numbers = (1..=width).map(|number| Cell::Text(number.to_string())).collect();
            return Line { cells: numbers, ..Line::default() };
        }
    };
    Line { cells: texts.iter().map(|text| Cell::Text((*text).to_owned())).collect(), ..Line::default() }
}

/// The row over a head that says what its columns are about; merged where cells may be.
fn over(grid: &mut Grid, head: &Head, merged: bool, dice: &mut Dice<'_>) {
    let (line, mut column) = (grid.lines.len(), 0);
    let mut cells = vec![Cell::Text(String::new()); head.columns.len()];
    while column < cells.len() {
        let last = (column + dice.roll(4)).min(cells.len() - 1);
        cells[column] = Cell::Text(dice.of(&["Сведения об услуге", "Сроки", "Прочее", "Өтініш"]).to_owned());
        if merged && last > column {
            grid.merges.push(Merge { lines: (line, line), columns: (column, last) });
        }
        column = last + 1;
    }
    grid.lines.push(Line { cells, ..Line::default() });
}

/// Makes a sheet; `merged`: cells may be merged.
pub fn make(dice: &mut Dice<'_>, merged: bool) -> Grid {
    let mut grid = Grid::default();
    let mut head = Head::new("services", dice);
    let mut number = 0;
    // far below the first rows no head is looked for
    let above = if dice.is_one_in(40) { 35 } else { dice.roll(4) };
    for _ in 0..above {
        grid.lines.push(note(dice, head.columns.len()));
    }
    if dice.is_one_in(8) {
        let mut line = record(&head, &mut number, true, dice);
        // such a row is known by its codes alone
        if dice.is_one_in(2) && head.table == "services" {
            let codes = [Some("channel"), Some("applicant")];
            for (cell, field) in line.cells.iter_mut().zip(&head.columns) {
                if matches!(field, Some("record_id" | "received_at" | "completed_at")) {
                    *cell = Cell::Text(String::new());
                } else if codes.contains(field) {
                    *cell = Cell::Text(if *field == codes[0] { "office_paper" } else { "individual" }.to_owned());
                }
            }
        }
        grid.lines.push(spoilt(line));
    }
    for section in 0..1 + dice.roll(3) * dice.roll(2) {
        if section > 0 {
            for _ in 0..dice.roll(3) {
                grid.lines.push(note(dice, 2));
            }
            match dice.roll(6) {
                0 => head = Head::new("services", dice),
                1 => head = Head::new("training", dice),
                2 => head.spell(dice),
                3 => head.change(dice),
                _ => {}
            }
        }
        if dice.is_one_in(8) {
            over(&mut grid, &head, merged, dice);
        }
        let top = grid.lines.len();
        grid.lines.push(head.line());
        if merged && dice.is_one_in(6) {
            if dice.is_one_in(2) {
                grid.lines.push(Line::default());
                let columns = 0..head.columns.len();
                grid.merges.extend(columns.map(|column| Merge { lines: (top, top + 1), columns: (column, column) }));
            }
            let beside = head.columns.len() + 1 + dice.roll(2);
            let beside = Merge { lines: (top, top + 1 + dice.roll(4)), columns: (beside, beside) };
            grid.merges.retain(|merge| merge.columns.0 < beside.columns.0 || merge.lines.1 < top);
            grid.merges.push(beside);
        }
        if dice.is_one_in(5) {
            grid.lines.push(note(dice, head.columns.len()));
        }
        let merges = grid.merges.len();
        records(&mut grid, &head, &mut number, merged, dice);
        if dice.is_one_in(12) && grid.merges.len() == merges {
            // three are months beside one another
            for _ in 0..=dice.roll(2) * dice.roll(3) {
                beside(&mut grid, top, &mut number, dice);
            }
        }
    }
    for _ in 0..dice.roll(3) {
        grid.lines.push(note(dice, head.columns.len()));
    }
    grid
}

/// Records alone under a head, as a database gives them.
pub fn plain(dice: &mut Dice<'_>) -> Grid {
    let head = Head::new(if dice.is_one_in(4) { "training" } else { "services" }, dice);
    let mut grid = Grid { lines: vec![head.line()], ..Grid::default() };
    let mut number = 0;
    for _ in 0..1 + dice.roll(40) {
        let line = record(&head, &mut number, false, dice);
        grid.lines.push(line);
    }
    grid
}

/// Puts another table beside the lines from `top` on, with an empty column between them.
fn beside(grid: &mut Grid, top: usize, number: &mut u32, dice: &mut Dice<'_>) {
    let head = Head::new(if dice.is_one_in(2) { "training" } else { "services" }, dice);
    let width = grid.lines[top..].iter().map(|line| line.cells.len()).max().unwrap_or_default() + 1;
    for place in top..grid.lines.len() {
        let other = if place == top { head.line() } else { record(&head, number, true, dice) };
        let line = &mut grid.lines[place];
        line.cells.resize(width, Cell::Text(String::new()));
        line.cells.extend(other.cells);
        line.beside = (place > top).then_some(top);
    }
}

fn records(grid: &mut Grid, head: &Head, number: &mut u32, merged: bool, dice: &mut Dice<'_>) {
    let first = grid.lines.len();
    // a line that stands above each few of its rows, and again
    let section =
        dice.of(&["Выдача справок", "Услуга: Выдача справок", "Июль", "2. Регистрация граждан по месту жительства"]);
    let has_sections = dice.is_one_in(5);
    for _ in 0..dice.roll(9) {
        let line = match dice.roll(14) {
            0 => note(dice, 2),
            2..=4 if has_sections => {
                let before = dice.roll(2);
                let texts = std::iter::repeat_n("", before).chain([section]);
                Line { cells: texts.map(|text| Cell::Text(text.to_owned())).collect(), ..Line::default() }
            }
            1 if grid.lines.len() > first => {
                // a repeat, perhaps with another number
                let mut line = grid.lines[first + dice.roll(grid.lines.len() - first)].clone();
                let at = head.columns.iter().position(|field| *field == Some("quantity"));
                if let (Some(at), Some(planted), true) = (at, &mut line.planted, dice.is_one_in(2)) {
                    line.cells[at] = Cell::Number(9);
                    if let Some(means) = planted.means.iter_mut().find(|(field, _)| *field == "quantity") {
                        means.1 = Some("9".to_owned());
                    }
                }
                line
            }
            _ => record(head, number, false, dice),
        };
        grid.lines.push(Line { hidden: dice.is_one_in(12), ..line });
    }
    if merged && dice.is_one_in(2) {
        merge(grid, head, first, dice);
    }
}

/// A record in the columns of a head; `whole`: nothing of it is left out.
fn record(head: &Head, number: &mut u32, whole: bool, dice: &mut Dice<'_>) -> Line {
    *number += 1;
    let mut planted = Planted { table: head.table, columns: head.columns.clone(), means: Vec::new() };
    let mut cells = Vec::new();
    for field in &head.columns {
        let Some(field) = *field else {
            cells.push(Cell::Text(dice.of(&["", "проверено", "12.07.2026", "4"]).to_owned()));
            continue;
        };
        let (cell, means) = value(field, *number, dice);
        cells.push(cell);
        planted.means.push((field, means));
    }
    if !head.columns.contains(&Some("quantity")) {
        planted.means.push(("quantity", Some("1".to_owned())));
    }
    let order = table(head.table).fields.iter().map(|field| field.name.as_str());
    let order: Vec<&str> = order.collect();
    planted.means.sort_by_key(|(field, _)| order.iter().position(|name| name == field));
    if !whole && dice.is_one_in(20) {
        // a row of which little is left
        let kept = dice.roll(cells.len());
        // something that it needs is never kept
        let needed = head.columns.iter().position(|field| {
            matches!(field, Some("record_id")) && head.columns[kept] != Some("record_id")
                || matches!(field, Some("received_at" | "completed_on")) && head.columns[kept] == Some("record_id")
        });
        for (column, cell) in cells.iter_mut().enumerate() {
            // of a row that says nothing but «Всего …», or a sentence, nobody can tell that it was a record
            if Some(column) == needed
                || column != kept && !dice.is_one_in(4)
                || cell.print().starts_with("Всего")
                || cell.print().split_whitespace().count() > 2
            {
                *cell = Cell::Text(String::new());
            }
        }
        planted.spoil();
    }
    Line { cells, planted: Some(planted), ..Line::default() }
}

fn spoilt(mut line: Line) -> Line {
    line.planted.iter_mut().for_each(Planted::spoil);
    line
}

/// Merges cells of records that stand one below another, or beside one another.
fn merge(grid: &mut Grid, head: &Head, first: usize, dice: &mut Dice<'_>) {
    let height = 1 + dice.roll(3);
    let begin = first + dice.roll(grid.lines.len().saturating_sub(first).max(1));
    let lines = begin..=begin + height;
    let is_record = |line: usize| grid.lines.get(line).is_some_and(|line| line.planted.is_some());
    if !lines.clone().all(is_record) {
        return;
    }
    let column = dice.roll(head.columns.len());
    // over two fields nobody knows which is meant
    let are_fields = head.columns.get(column..column + 2).is_some_and(|pair| pair.iter().all(Option::is_some));
    if dice.is_one_in(5) && are_fields && !grid.lines[begin].cells[column].is_blank() {
        grid.lines[begin].cells[column + 1] = Cell::Text(String::new());
        let line = std::mem::take(&mut grid.lines[begin]);
        grid.lines[begin] = spoilt(line);
        grid.merges.push(Merge { lines: (begin, begin), columns: (column, column + 1) });
        return;
    }
    let Some(field) = head.columns[column] else { return };
    let of_a_row = matches!(field, "record_id" | "quantity");
    let means_of = |line: &Line| {
        let means = &line.planted.as_ref().expect("a record").means;
        means.iter().find(|(own, _)| *own == field).map(|(_, means)| means.clone()).expect("a field")
    };
    let held = grid.lines[begin].cells[column].clone();
    let means = means_of(&grid.lines[begin]);
    if held.is_blank()
        || lines.clone().any(|line| grid.lines[line].cells.iter().filter(|cell| !cell.is_blank()).count() < 3)
    {
        return;
    }
    // what stands beneath a merged cell nobody sees
    let beneath = dice.is_one_in(6);
    for line in lines.clone() {
        let own = &mut grid.lines[line];
        if line > begin && beneath && own.cells[column] != held {
            own.planted.iter_mut().for_each(Planted::spoil);
            continue;
        }
        if line > begin {
            own.cells[column] = Cell::Text(String::new());
        }
        let planted = own.planted.as_mut().expect("a record");
        if of_a_row {
            planted.spoil();
        } else if let Some(own) = planted.means.iter_mut().find(|(own, _)| *own == field) {
            own.1.clone_from(&means);
        }
    }
    grid.merges.push(Merge { lines: (begin, begin + height), columns: (column, column) });
}
