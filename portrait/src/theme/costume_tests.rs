//! The shipped costumes hold together: nothing of a head's neck, and nothing of the world, shows through a bust.

use super::catalog::Catalog;
use super::layers::Layers;
use super::wardrobe::Costume;
use std::path::Path;
use std::sync::Arc;

/// Every costume that a variant wears, with the name of its theme.
fn costumes() -> Vec<(String, Arc<Costume>)> {
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes");
    let catalog = Catalog::load(&themes).expect("the shipped themes are well-formed");
    let worn = catalog.themes().iter().flat_map(|theme| {
        theme.variants.iter().flat_map(|variant| {
            let wardrobe = &variant.wardrobe;
            let costumes = [Some(&wardrobe.full), wardrobe.hoodless.as_ref()];
            costumes
                .into_iter()
                .flatten()
                .map(|costume| (format!("{} {}", theme.id, variant.id), Arc::clone(costume)))
        })
    });
    worn.collect()
}

/// How much of a pixel both layers hide together.
fn cover(layers: &Layers, place: [f32; 2]) -> f32 {
    let (front, back) = (layers.front.sample(place)[3], layers.back.sample(place)[3]);
    front + back * (1.0 - front)
}

/// A little below the collar, where no neck is seen any more.
fn neck_base(costume: &Costume) -> f32 {
    let anchors = &costume.folder.anchors;
    let collar = anchors.collar_front.expect("a costume has a collar")[1];
    collar.max(anchors.neck_left[1]) + 0.12 * costume.folder.face_height()
}

/// Whole columns of the frame from one x to another.
fn columns(from: f32, to: f32) -> impl Iterator<Item = f32> {
    (from as u32..=to as u32).step_by(8).map(|x| x as f32)
}

#[test]
fn the_front_covers_the_neck_below_the_collar() {
    for (name, costume) in costumes() {
        let (layers, anchors) = (costume.folder.layers().unwrap(), &costume.folder.anchors);
        let base = neck_base(&costume);
        for x in columns(anchors.neck_left[0], anchors.neck_right[0]) {
            let front = layers.front.sample([x, base])[3];
            assert!(front > 0.95, "{name}: {front} of the front at {x}, {base}");
        }
    }
}

#[test]
fn back_and_front_leave_no_gap_between_them() {
    for (name, costume) in costumes() {
        let (layers, anchors) = (costume.folder.layers().unwrap(), &costume.folder.anchors);
        let [.., bottom] = costume.folder.frame();
        let collar = [anchors.collar_neck_left, anchors.collar_neck_right]
            .map(|point| point.expect("a costume has a collar")[0]);
        for x in columns(collar[0], collar[1]) {
            for y in (neck_base(&costume) as u32..bottom as u32 - 3).map(|y| y as f32) {
                let cover = cover(&layers, [x, y]);
                // Fur is thin between its strands.
                assert!(cover > 0.7, "{name}: {cover} of cloth at {x}, {y}");
            }
        }
    }
}

#[test]
fn colours_are_no_brighter_than_their_alpha() {
    for (name, costume) in costumes() {
        let layers = costume.folder.layers().unwrap();
        let [_, _, right, bottom] = costume.folder.frame();
        for y in (0..bottom as u32).step_by(16) {
            for x in (0..right as u32).step_by(16) {
                for layer in [&layers.front, &layers.back] {
                    let [red, green, blue, alpha] = layer.sample([x as f32, y as f32]);
                    let brightest = red.max(green).max(blue);
                    assert!(brightest <= alpha + 0.01, "{name}: {brightest} at {x}, {y}");
                }
            }
        }
    }
}
