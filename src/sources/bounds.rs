//! How much a source may ask of the machine before it is refused. Generous: a real source stays far below.

/// Bounds for hostile or damaged sources; a source over one of them is a finding that names the bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of one CSV record: 1,000 fields of 1,000 bytes. An open quote ends here at the latest.
    pub line_bytes: usize,
    /// Bytes of text from one byte of a packed file, beyond the first 64 MB: records come to 5 to 30, gzip to 1,032.
    pub expansion: u64,
    /// Columns of a table: the contract's widest has 20.
    pub fields: usize,
    /// Bytes of an XLSX file as it lies on the disk.
    pub workbook_bytes: u64,
    /// Bytes of an XLS file: its full 256 columns by 65,536 rows of numbers take 235 MB, and it is held in memory.
    pub xls_bytes: u64,
    /// Members of a workbook archive: a workbook has about ten, and two more a sheet.
    pub members: u64,
    /// Unpacked bytes of one member: a million rows by 40 columns take 1.9 GB.
    pub member_bytes: u64,
    /// Unpacked bytes of all members.
    pub archive_bytes: u64,
    /// Unpacked bytes of what must be held in memory: the shared strings, the content of an ODS.
    pub held_bytes: u64,
    /// Shared strings that a workbook declares or has; space for them is taken before they are read.
    pub strings: u64,
    /// Objects that the reader of a workbook keeps: styles, names, merged areas. A spreadsheet program allows 65,490 styles.
    pub objects: u64,
    /// Bytes of one piece of XML: a cell holds 32,767 characters at most.
    pub token_bytes: u64,
    /// Cells of the rectangle from the first to the last used cell, for XLS and ODS, which are unpacked as a whole.
    pub dense_cells: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            line_bytes: 1 << 20,
            expansion: 400,
            fields: 1_000,
            workbook_bytes: 1 << 30,
            xls_bytes: 256 << 20,
            members: 10_000,
            member_bytes: 2 << 30,
            archive_bytes: 4 << 30,
            held_bytes: 512 << 20,
            strings: 10_000_000,
            objects: 1_000_000,
            token_bytes: 16 << 20,
            dense_cells: 8_000_000,
        }
    }
}
