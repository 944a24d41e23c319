//! Contact sheets: many portraits in one picture.

use crate::artist::{Artist, Machine, Selection};
use crate::files;
use crate::portraits::Sitting;
use anyhow::Result;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use photobooth_tests::camera_frame::astronaut_path;
use portrait::PortraitSize;
use std::fs;
use std::path::Path;

/// Size of one portrait on the sheet of many, in pixels.
const CELL: (u32, u32) = (180, 240);
const PAPER: Rgb<u8> = Rgb([24, 22, 20]);
/// Where there is no portrait because the photo was refused.
const REFUSED: Rgb<u8> = Rgb([96, 40, 36]);

/// A grid of cells of one size, all sides in pixels.
struct Grid {
    cell: (u32, u32),
    gap: u32,
    picture: RgbImage,
}

impl Grid {
    fn new(columns: usize, rows: usize, cell: (u32, u32), gap: u32) -> Self {
        let size = |cells, side| gap + cells as u32 * (side + gap);
        let picture = RgbImage::from_pixel(size(columns, cell.0), size(rows, cell.1), PAPER);
        Self { cell, gap, picture }
    }

    /// Puts a picture into a cell, as large as it fits, in the middle.
    fn put(&mut self, column: usize, row: usize, picture: &RgbImage) {
        let (width, height) = self.cell;
        let scale = (f64::from(width) / f64::from(picture.width()))
            .min(f64::from(height) / f64::from(picture.height()));
        let side = |pixels: u32| ((f64::from(pixels) * scale).round() as u32).max(1);
        let (fitted_width, fitted_height) = (side(picture.width()), side(picture.height()));
        let fitted = imageops::resize(picture, fitted_width, fitted_height, FilterType::Lanczos3);
        let start = |index, cell, used| {
            i64::from(self.gap + index as u32 * (cell + self.gap) + (cell - used) / 2)
        };
        let (left, top) = (
            start(column, width, fitted_width),
            start(row, height, fitted_height),
        );
        imageops::replace(&mut self.picture, &fitted, left, top);
    }
}

/// A photo, and right of it its portraits in the catalogue's order; so many photos beside each other that the sheet is
/// about as high as wide.
pub fn draw_sheet(sittings: &[Sitting], output: &Path) -> Result<()> {
    let portraits = sittings.iter().map(|it| it.portraits.len()).max();
    let columns = 1 + portraits.unwrap_or(0);
    let height_by_width =
        f64::from(sittings.len() as u32 * CELL.1) / f64::from(columns as u32 * CELL.0);
    let abreast = (height_by_width.sqrt().round() as usize).max(1);
    let mut grid = Grid::new(abreast * columns, sittings.len().div_ceil(abreast), CELL, 6);
    for (index, sitting) in sittings.iter().enumerate() {
        let (first, row) = (index % abreast * columns, index / abreast);
        grid.put(first, row, &files::open_upright(&sitting.photo)?);
        for (column, portrait) in (first + 1..).zip(&sitting.portraits) {
            let picture = match portrait.refusal() {
                Some(_) => RgbImage::from_pixel(CELL.0, CELL.1, REFUSED),
                None => files::open_upright(&portrait.file)?,
            };
            grid.put(column, row, &picture);
        }
    }
    files::create_folder_of(output)?;
    grid.picture.save(output)?;
    println!("{}", output.display());
    Ok(())
}

/// The astronaut: a column a theme, a row a variant.
pub fn render_readme_sheet(machine: &Machine, output: &Path) -> Result<()> {
    let mut artist = Artist::open(machine)?;
    let photo = fs::read(astronaut_path())?;
    let variants = artist.variants(&Selection::default())?;
    let columns: Vec<_> = variants.chunk_by(|a, b| a.theme == b.theme).collect();
    let rows = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let mut grid = Grid::new(columns.len(), rows, (480, 640), 16);
    for (column, variants) in columns.iter().enumerate() {
        for (row, variant) in variants.iter().enumerate() {
            let portrait = artist.render_picture(&photo, variant, PortraitSize::default())?;
            grid.put(column, row, &portrait);
        }
    }
    files::save_jpeg(&grid.picture, 88, output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_lies_in_the_middle_of_its_cell() {
        let white = Rgb([255; 3]);
        let mut grid = Grid::new(2, 1, (30, 40), 5);
        grid.put(1, 0, &RgbImage::from_pixel(60, 60, white));
        assert_eq!(grid.picture.dimensions(), (75, 50));
        let inside = [(40, 10), (69, 39)];
        let outside = [(39, 10), (40, 9), (70, 39), (69, 40)];
        assert!(
            inside
                .iter()
                .all(|&(x, y)| *grid.picture.get_pixel(x, y) == white)
        );
        assert!(
            outside
                .iter()
                .all(|&(x, y)| *grid.picture.get_pixel(x, y) == PAPER)
        );
    }
}
