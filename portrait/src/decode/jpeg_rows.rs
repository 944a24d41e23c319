//! How many rows of a JPEG that lacks its end are really there. Decoders fill the rest with grey.
//!
//! In a sequential file the rows follow each other, so its codes are read, without computing any pixel, until they run
//! out. A progressive file has the whole picture several times over, finer each time: it is all there when the first
//! pass over each coefficient of the brightness is.

use super::huffman::{BitReader, Table, skip_block};

const START_SEQUENTIAL: [u8; 2] = [0xc0, 0xc1];
const START_PROGRESSIVE: u8 = 0xc2;
const HUFFMAN_TABLES: u8 = 0xc4;
const START_OF_SCAN: u8 = 0xda;
const RESTART_INTERVAL: u8 = 0xdd;
/// The first coefficient of a block, its mean, and all 64 of them, as bits.
const MEAN: u64 = 1;
const EVERY_COEFFICIENT: u64 = u64::MAX;
/// Pixels a side of a block of coefficients.
const BLOCK: usize = 8;
/// Rows above the cut whose colours are mixed with those below it when a decoder enlarges them.
const MIXED_ROWS: usize = 2;

/// Rows from the top of which every pixel is there, as the file stores them, before its orientation is applied; 0 where
/// that cannot be told.
pub(super) fn count_rows(bytes: &[u8]) -> usize {
    let mut file = File::default();
    // A segment that is cut off ends the walk; what was read until then counts.
    let _ = file.walk(bytes);
    file.rows()
}

#[derive(Default)]
struct File {
    frame: Option<Frame>,
    /// By class (0 for means, 1 for the others) and number.
    tables: [[Option<Table>; 4]; 2],
    /// Units between restarts; 0 for none.
    restart_interval: usize,
    /// Units of a sequential file's only scan that are there.
    units: usize,
}

struct Frame {
    is_progressive: bool,
    width: usize,
    height: usize,
    components: Vec<Component>,
}

struct Component {
    id: u8,
    /// Blocks a unit has of it, across and down.
    blocks: [usize; 2],
    /// Coefficients that a complete scan has brought, one bit each.
    seen: u64,
}

impl File {
    /// From segment to segment; `None` where the file ends, or is none.
    fn walk(&mut self, bytes: &[u8]) -> Option<()> {
        let mut rest = bytes.get(2..)?;
        loop {
            let at = rest
                .windows(2)
                .position(|pair| pair[0] == 0xff && is_segment(pair[1]))?;
            let marker = rest[at + 1];
            let (length, body) = rest.get(at + 2..)?.split_first_chunk()?;
            let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2)?;
            let (segment, after) = body.split_at_checked(length)?;
            rest = after;
            match marker {
                HUFFMAN_TABLES => self.read_tables(segment)?,
                RESTART_INTERVAL => {
                    self.restart_interval =
                        usize::from(u16::from_be_bytes(*segment.first_chunk()?));
                }
                START_OF_SCAN => self.read_scan(segment, rest)?,
                _ if marker == START_PROGRESSIVE || START_SEQUENTIAL.contains(&marker) => {
                    self.frame = Some(Frame::read(segment, marker == START_PROGRESSIVE)?);
                }
                _ => {}
            }
        }
    }

    fn read_tables(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((&kind, after)) = segment.split_first() {
            let (table, rest) = Table::read(after)?;
            let class = self.tables.get_mut(usize::from(kind >> 4))?;
            *class.get_mut(usize::from(kind & 15))? = Some(table);
            segment = rest;
        }
        Some(())
    }

    /// Notes what a scan brings, if its data is there.
    fn read_scan(&mut self, header: &[u8], data: &[u8]) -> Option<()> {
        let frame = self.frame.as_mut()?;
        let (&count, after) = header.split_first()?;
        let (chosen, pass) = after.split_at_checked(usize::from(count) * 2)?;
        let &[first, last, precision] = pass.first_chunk()?;
        if frame.is_progressive {
            // The marker of the next segment says that the scan before it is complete.
            data.windows(2)
                .position(|pair| pair[0] == 0xff && is_segment(pair[1]))?;
            let is_first_pass = precision >> 4 == 0;
            if is_first_pass && first <= last && last < 64 {
                let bits = (EVERY_COEFFICIENT >> (63 - last)) & (EVERY_COEFFICIENT << first);
                for &[id, _] in chosen.as_chunks().0 {
                    let component = frame.components.iter_mut().find(|own| own.id == id)?;
                    component.seen |= bits;
                }
            }
        } else if usize::from(count) == frame.components.len() {
            let tables = frame.tables_of_unit(chosen, &self.tables)?;
            self.units = count_units(data, &tables, frame.units(), self.restart_interval);
        }
        Some(())
    }

    fn rows(&self) -> usize {
        let Some(frame) = &self.frame else {
            return 0;
        };
        if frame.is_progressive {
            let has = |bits| move |component: &Component| component.seen & bits == bits;
            let is_there = frame.components.iter().all(has(MEAN))
                && frame.components.first().is_some_and(has(EVERY_COEFFICIENT));
            return if is_there { frame.height } else { 0 };
        }
        let [units_across, _] = frame.units_each_way();
        let [_, unit_height] = frame.unit_size();
        if self.units == frame.units() {
            frame.height
        } else {
            (self.units / units_across * unit_height).saturating_sub(MIXED_ROWS)
        }
    }
}

/// Whether a marker begins a segment, with a length behind it.
fn is_segment(marker: u8) -> bool {
    !matches!(marker, 0x00 | 0x01 | 0xd0..=0xd9 | 0xff)
}

impl Frame {
    fn read(segment: &[u8], is_progressive: bool) -> Option<Self> {
        let &[_precision, h0, h1, w0, w1, count] = segment.first_chunk()?;
        let parts = segment.get(6..6 + usize::from(count) * 3)?;
        let components = parts.as_chunks().0.iter().map(|&[id, sampling, _]| {
            let blocks = [sampling >> 4, sampling & 15].map(usize::from);
            let is_valid = blocks.iter().all(|side| (1..=4).contains(side));
            is_valid.then_some(Component {
                id,
                blocks,
                seen: 0,
            })
        });
        let frame = Self {
            is_progressive,
            width: usize::from(u16::from_be_bytes([w0, w1])),
            height: usize::from(u16::from_be_bytes([h0, h1])),
            components: components.collect::<Option<_>>()?,
        };
        let is_valid = frame.width > 0 && !frame.components.is_empty();
        is_valid.then_some(frame)
    }

    /// Pixels that one unit covers. A file of one component has units of one block, whatever it says.
    fn unit_size(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let blocks = self
                .components
                .iter()
                .map(|component| component.blocks[axis]);
            let most = if self.components.len() == 1 {
                1
            } else {
                blocks.max().unwrap_or(1)
            };
            most * BLOCK
        })
    }

    fn units_each_way(&self) -> [usize; 2] {
        let [unit_width, unit_height] = self.unit_size();
        [
            self.width.div_ceil(unit_width),
            self.height.div_ceil(unit_height),
        ]
    }

    fn units(&self) -> usize {
        self.units_each_way().iter().product()
    }

    /// The tables, for means and for the others, of every block of a unit in its order.
    fn tables_of_unit<'a>(
        &self,
        chosen: &[u8],
        tables: &'a [[Option<Table>; 4]; 2],
    ) -> Option<Vec<[&'a Table; 2]>> {
        let mut of_unit = Vec::new();
        for (&[id, numbers], component) in chosen.as_chunks().0.iter().zip(&self.components) {
            let [means, others] = [numbers >> 4, numbers & 15].map(usize::from);
            let pair = [
                tables[0].get(means)?.as_ref()?,
                tables[1].get(others)?.as_ref()?,
            ];
            let blocks = if self.components.len() == 1 {
                1
            } else {
                component.blocks.iter().product()
            };
            if id != component.id {
                return None;
            }
            of_unit.extend(std::iter::repeat_n(pair, blocks));
        }
        Some(of_unit)
    }
}

/// How many whole units the data of a scan holds, `wanted` at most.
fn count_units(data: &[u8], unit: &[[&Table; 2]], wanted: usize, restart_interval: usize) -> usize {
    let mut reader = BitReader::new(data);
    for done in 0..wanted {
        let is_restart = restart_interval > 0 && done > 0 && done % restart_interval == 0;
        if is_restart && reader.restart().is_none() {
            return done;
        }
        let read = |[means, others]: &[&Table; 2]| skip_block(&mut reader, means, others);
        if unit.iter().map(read).any(|block| block.is_none()) {
            return done;
        }
    }
    wanted
}
