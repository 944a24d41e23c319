//! Where heads go in the portrait: one in the middle, up to three in a row, more in staggered rows.

use crate::PortraitSize;
use crate::faces::Landmarks;
use crate::theme::Layout;

/// Most people who are dressed; more keep their own clothes.
pub(crate) const MOST_PEOPLE: usize = 7;
/// Heads of a row are this far apart, in face heights: in one row shoulders overlap, in several the row behind looks
/// through the gaps.
const SPACING: [f32; 3] = [1.46, 1.62, 1.62];
/// Hoods in one row would hide their neighbours' faces.
const HOOD_SPACING: f32 = 1.76;
/// Room that a row needs for the shoulders at both ends; some of the outermost may be cut off.
const ROW_ENDS: [f32; 3] = [1.9, 2.0, 2.0];
/// In a single row of three whoever is in the middle stands behind the others, so much higher.
const MIDDLE_RAISED: f32 = 0.30;
/// Largest face by number of rows, over the portrait's height, and how far the front row lies below the
/// layout's height for one face.
const LARGEST: [f32; 3] = [0.20, 0.150, 0.115];
const FRONT_ROW_DROP: [f32; 3] = [0.02, 0.17, 0.25];
/// The front row's costumes reach the portrait's lower edge from this many face heights above it.
const BUST_REACH: f32 = 3.6;
/// How far differences of size and height in the photo are kept.
const SIZE_KEPT: f32 = 0.35;
const HEIGHT_KEPT: f32 = 0.45;
/// Rows of equal length are offset against each other by half of their spacing: each by this share of it.
const STAGGER: f32 = 0.25;

/// A head's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slot {
    /// Of the face's centre, in portrait pixels.
    pub centre: [f32; 2],
    /// Of the face, in portrait pixels.
    pub face_height: f32,
    /// 0 for the row at the back.
    row: usize,
}

impl Slot {
    /// Whether this is one of the front row of a group of so many.
    pub(crate) fn is_front(&self, people: usize) -> bool {
        self.row + 1 == rows_of(people)
    }
}

/// Rows that so many people stand in.
fn rows_of(people: usize) -> usize {
    match people {
        0..=3 => 1,
        4..=8 => 2,
        _ => 3,
    }
}

/// A slot for each person, in their order.
pub(crate) fn arrange(
    layout: &Layout,
    people: &[Landmarks],
    size: PortraitSize,
    has_hood: bool,
) -> Vec<Slot> {
    let [width, height] = size.sides();
    if people.len() == 1 {
        return vec![Slot {
            centre: [width * 0.5, height * layout.bust_face_y],
            face_height: layout.bust_face_height * height,
            row: 0,
        }];
    }
    let group = Group::of(people);
    let rows = group.rows;
    let spacing = if has_hood {
        SPACING[rows - 1].max(HOOD_SPACING)
    } else {
        SPACING[rows - 1]
    };
    let face_height = (layout.bust_face_height * height * 0.92)
        .min(width / (spacing * (group.columns - 1) as f32 + ROW_ENDS[rows - 1]))
        .min(LARGEST[rows - 1] * height);
    let front = ((layout.bust_face_y + FRONT_ROW_DROP[rows - 1]) * height)
        .max(height - BUST_REACH * face_height);
    let mut slots = vec![None; people.len()];
    for row in 0..rows {
        let members = group.members(row);
        let level = members
            .iter()
            .map(|&person| group.heights[person])
            .sum::<f32>()
            / members.len().max(1) as f32;
        let y = front - (rows - 1 - row) as f32 * layout.row_distance * face_height;
        let shift = group.stagger(row) * spacing * face_height;
        for (index, &person) in members.iter().enumerate() {
            let place = index as f32 - (members.len() - 1) as f32 / 2.0;
            let is_middle = people.len() == 3 && index == 1;
            let raised = if is_middle { MIDDLE_RAISED } else { 0.0 };
            let lower = ((group.heights[person] - level) / group.typical).clamp(-0.4, 0.4);
            slots[person] = Some(Slot {
                centre: [
                    width * 0.5 + place * spacing * face_height + shift,
                    y + (lower * HEIGHT_KEPT - raised) * face_height,
                ],
                face_height: face_height * group.size(people, person),
                row,
            });
        }
    }
    slots.into_iter().flatten().collect()
}

/// Indices of slots from the back of the picture to its front.
pub(crate) fn back_to_front(slots: &[Slot]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..slots.len()).collect();
    order.sort_by(|&a, &b| {
        (slots[a].row, slots[a].centre[1])
            .partial_cmp(&(slots[b].row, slots[b].centre[1]))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    order
}

/// A group sorted into rows: who stands higher in the photo stands behind.
struct Group {
    rows: usize,
    columns: usize,
    row_of: Vec<usize>,
    across: Vec<f32>,
    heights: Vec<f32>,
    /// The median face's height.
    typical: f32,
}

impl Group {
    fn of(people: &[Landmarks]) -> Self {
        let count = people.len();
        let rows = rows_of(count);
        let across = people.iter().map(|person| person.centre()[0]).collect();
        let heights: Vec<f32> = people
            .iter()
            .map(|person| person.centre()[1] + 0.3 * person.face_height())
            .collect();
        let mut sizes: Vec<f32> = people.iter().map(Landmarks::face_height).collect();
        sizes.sort_by(f32::total_cmp);
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
        let mut row_of = vec![0; count];
        for row in 0..rows {
            let bound = |row: usize| (row as f32 * count as f32 / rows as f32).round() as usize;
            for &person in &order[bound(row)..bound(row + 1)] {
                row_of[person] = row;
            }
        }
        Self {
            rows,
            columns: count.div_ceil(rows),
            row_of,
            across,
            heights,
            typical: sizes[count / 2].max(1.0),
        }
    }

    /// Who stands in a row, from left to right.
    fn members(&self, row: usize) -> Vec<usize> {
        let mut members: Vec<usize> = (0..self.row_of.len())
            .filter(|&person| self.row_of[person] == row)
            .collect();
        members.sort_by(|&a, &b| self.across[a].total_cmp(&self.across[b]));
        members
    }

    /// Offset to the right, over the spacing: without one, rows of equal length would hide each other.
    fn stagger(&self, row: usize) -> f32 {
        let length = self.members(row).len();
        let has_same_length =
            |other: usize| other < self.rows && self.members(other).len() == length;
        if !has_same_length(row + 1) && (row == 0 || !has_same_length(row - 1)) {
            return 0.0;
        }
        if row.is_multiple_of(2) {
            STAGGER
        } else {
            -STAGGER
        }
    }

    /// How much larger or smaller than the others a person is shown.
    fn size(&self, people: &[Landmarks], person: usize) -> f32 {
        (people[person].face_height() / self.typical)
            .clamp(0.6, 1.6)
            .powf(SIZE_KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::Pose;

    const LAYOUT: Layout = Layout {
        bust_face_height: 0.23,
        bust_face_y: 0.37,
        row_distance: 1.3,
        face_height: 0.17,
        face_height_max: 0.4,
        face_y: 0.38,
        group_width: 0.9,
        ground_y: 0.93,
    };

    /// Nothing but a face's extent, 100 pixels high.
    fn face(x: f32, y: f32) -> Landmarks {
        let mut points = vec![[x, y, 0.0]; 478];
        points[crate::faces::FOREHEAD] = [x, y - 50.0, 0.0];
        points[crate::faces::CHIN] = [x, y + 50.0, 0.0];
        Landmarks {
            points,
            pose: Pose {
                yaw: 0.0,
                pitch: 0.0,
                roll: 0.0,
            },
            presence: 1.0,
        }
    }

    fn slots(people: &[Landmarks], has_hood: bool) -> Vec<Slot> {
        arrange(&LAYOUT, people, PortraitSize::default(), has_hood)
    }

    #[test]
    fn nobody_of_four_stands_in_front_of_another() {
        let people = [
            (100.0, 300.0),
            (300.0, 200.0),
            (500.0, 190.0),
            (700.0, 310.0),
        ];
        let slots = slots(&people.map(|(x, y)| face(x, y)), false);
        let (front, back): (Vec<Slot>, Vec<Slot>) =
            slots.into_iter().partition(|slot| slot.is_front(4));
        assert_eq!((front.len(), back.len()), (2, 2));
        for (front, back) in front.iter().flat_map(|f| back.iter().map(move |b| (f, b))) {
            let apart = (front.centre[0] - back.centre[0]).abs() / front.face_height;
            assert!(apart > 0.75, "{apart} face heights apart");
        }
    }

    #[test]
    fn the_middle_of_three_stands_behind_and_hoods_need_more_room() {
        let people = [(100.0, 300.0), (300.0, 300.0), (500.0, 300.0)].map(|(x, y)| face(x, y));
        let bare = slots(&people, false);
        assert!(bare[1].centre[1] < bare[0].centre[1] - 0.2 * bare[0].face_height);
        assert_eq!(back_to_front(&bare)[0], 1);
        let hooded = slots(&people, true);
        let spacing =
            |slots: &[Slot]| (slots[1].centre[0] - slots[0].centre[0]) / slots[0].face_height;
        assert!(spacing(&hooded) > spacing(&bare) + 0.2);
    }
}
