//! JPEG's codes, read only to find where they end: no coefficient is computed.

/// Bits of the longest code.
const MAX_CODE_BITS: usize = 16;
/// Coefficients of a block.
const COEFFICIENTS: usize = 64;

/// A Huffman table as a file has it: codes of each length count up, and go on where the shorter ones ended.
pub(super) struct Table {
    /// How many codes there are of 1 to 16 bits.
    counts: [u8; MAX_CODE_BITS],
    symbols: Vec<u8>,
}

impl Table {
    /// Reads one table, and gives what lies behind it.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (counts, rest) = bytes.split_first_chunk()?;
        let total = counts.iter().map(|&count| usize::from(count)).sum();
        let (symbols, rest) = rest.split_at_checked(total)?;
        let table = Self {
            counts: *counts,
            symbols: symbols.to_vec(),
        };
        Some((table, rest))
    }

    fn next(&self, reader: &mut BitReader) -> Option<u8> {
        let (mut code, mut first_code, mut first_symbol) = (0, 0, 0);
        for &count in &self.counts {
            code = code << 1 | usize::from(reader.bit()?);
            first_code <<= 1;
            let place = code - first_code;
            if place < usize::from(count) {
                return self.symbols.get(first_symbol + place).copied();
            }
            first_code += usize::from(count);
            first_symbol += usize::from(count);
        }
        None
    }
}

/// The bits of a scan, up to the next marker or the end of the file.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    current: u8,
    bits_left: u8,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            current: 0,
            bits_left: 0,
        }
    }

    fn bit(&mut self) -> Option<u8> {
        if self.bits_left == 0 {
            // A byte of all ones is followed by a zero where it is data.
            let width = match self.bytes {
                [0xff, 0x00, ..] => 2,
                [0xff, ..] | [] => return None,
                _ => 1,
            };
            self.current = self.bytes[0];
            self.bytes = &self.bytes[width..];
            self.bits_left = 8;
        }
        self.bits_left -= 1;
        Some(self.current >> self.bits_left & 1)
    }

    fn skip(&mut self, bits: u8) -> Option<()> {
        (0..bits).try_for_each(|_| self.bit().map(|_| ()))
    }

    /// Goes behind the restart marker that comes next.
    pub(super) fn restart(&mut self) -> Option<()> {
        self.bits_left = 0;
        match self.bytes {
            [0xff, 0xd0..=0xd7, rest @ ..] => {
                self.bytes = rest;
                Some(())
            }
            _ => None,
        }
    }
}

/// Reads past one block of a sequential scan; `None` where it does not end.
pub(super) fn skip_block(reader: &mut BitReader, means: &Table, others: &Table) -> Option<()> {
    let bits = means.next(reader)?;
    reader.skip(bits)?;
    let mut coefficient = 1;
    while coefficient < COEFFICIENTS {
        let symbol = others.next(reader)?;
        let (zeros, bits) = (usize::from(symbol >> 4), symbol & 15);
        match (zeros, bits) {
            (15, 0) => coefficient += 16,
            (_, 0) => return Some(()),
            _ => {
                coefficient += zeros + 1;
                reader.skip(bits)?;
            }
        }
    }
    Some(())
}
