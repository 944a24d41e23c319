//! The whole journey of one photo: a [`Studio`] walks it through the steps.

use crate::check::{Failure, GuestReport, Sitter, check};
use crate::colour::Lab;
use crate::compose::{Composite, compose_dressed, compose_photographed};
use crate::costume::{self, LighterReason, Place, Plan};
use crate::decode::decode;
use crate::encode::{Format, encode};
use crate::faces::{Landmarks, find_bodies, find_landmarks, find_standing_faces};
use crate::grade::grade;
use crate::heads::{CutRequest, Head, NeckRequest, cut_head};
use crate::judge::judge_photo;
use crate::matte::{Matte, cut_out, find_people};
use crate::models::{Body, Sight};
use crate::moderate::moderate;
use crate::networks::Networks;
use crate::paint::paint;
use crate::runtime::Device;
use crate::step::{Stopwatch, milliseconds};
use crate::theme::{Catalog, Variant};
use crate::theming::theme_face;
use crate::{PortraitSize, RenderError, Report, RgbRaster, Step, Warning};
use anyhow::Context;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Faces of guests in their own clothes are worked on at no more than this height, in pixels.
const LARGEST_OWN_FACE: f32 = 420.0;

/// What a studio is made of.
#[derive(Clone, Debug)]
pub struct StudioConfig {
    /// Folder of the ONNX models.
    pub models_dir: PathBuf,
    /// Folder of the themes.
    pub themes_dir: PathBuf,
    /// The ONNX Runtime library; a studio does not open without one.
    pub onnxruntime: Option<PathBuf>,
    /// Where the networks run.
    pub device: Device,
    /// How many threads work on the pixels of one portrait.
    pub threads: usize,
    /// How many threads a network may use; it runs for one portrait at a time.
    pub network_threads: usize,
}

/// Which portrait to make.
#[derive(Clone, Debug)]
pub struct Order {
    pub theme: String,
    /// The theme's first when left out.
    pub variant: Option<String>,
    pub format: Format,
    pub size: PortraitSize,
    /// The same photo, order and seed give the same pixels.
    pub seed: u64,
}

/// A finished portrait.
#[derive(Clone, Debug)]
pub struct Portrait {
    /// The file.
    pub bytes: Vec<u8>,
    pub format: Format,
    pub report: Report,
}

/// Makes portraits, one at a time; studios that share their networks make several.
pub struct Studio {
    catalog: Arc<Catalog>,
    networks: Arc<Networks>,
    pool: ThreadPool,
}

impl Studio {
    /// Reads the themes and loads the models that they need.
    ///
    /// # Errors
    /// When a theme is malformed, a model or the runtime is missing, or the device is not there.
    pub fn open(config: &StudioConfig) -> anyhow::Result<Self> {
        let pool = pixel_threads(config.threads)?;
        let catalog = Catalog::load(&config.themes_dir)?;
        let networks = pool.install(|| Networks::open(config, &catalog))?;
        Ok(Self {
            catalog: Arc::new(catalog),
            networks: Arc::new(networks),
            pool,
        })
    }

    /// Another studio on the same networks: it works on the pixels of one photo while this one's is at a network.
    ///
    /// # Errors
    /// When the system has no more threads to give.
    pub fn open_beside(&self) -> anyhow::Result<Self> {
        Ok(Self {
            catalog: Arc::clone(&self.catalog),
            networks: Arc::clone(&self.networks),
            pool: pixel_threads(self.pool.current_num_threads())?,
        })
    }

    /// The themes this studio can render.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Where the networks run; never [`Device::Auto`].
    pub fn device(&self) -> Device {
        self.networks.device
    }

    /// Why [`Device::Auto`] did not take a graphics card, for operators.
    pub fn fallback_reason(&self) -> Option<&str> {
        self.networks.fallback.as_deref()
    }

    /// Runs every network in every shape that portraits of this size ask for, so that the first guest waits no
    /// longer than the second.
    ///
    /// # Errors
    /// [`RenderError::Inference`] when a network does not run.
    pub fn warm_up(&mut self, size: PortraitSize) -> Result<(), RenderError> {
        self.pool.install(|| self.networks.warm_up(size))
    }

    /// Makes one portrait. Blocks for seconds; `on_step` hears of every step as it begins.
    ///
    /// # Errors
    /// [`RenderError::Refused`] when the photo cannot become a portrait, the others when the order
    /// or the machine is at fault.
    pub fn render(
        &mut self,
        photo: &[u8],
        order: &Order,
        on_step: &mut (dyn FnMut(Step) + Send),
    ) -> Result<Portrait, RenderError> {
        let variant = self
            .catalog
            .variant(&order.theme, order.variant.as_deref())?;
        // On a pool of its own: threads of a shared one, waiting for a part of this portrait, would take up
        // another one's and finish that first.
        self.pool
            .install(|| make(&self.networks, photo, order, variant, on_step))
    }
}

fn pixel_threads(count: usize) -> anyhow::Result<ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .thread_name(|index| format!("pixels-{index}"))
        .build()
        .context("cannot start the pixel threads")
}

/// Walks a photo through the steps.
fn make(
    networks: &Networks,
    photo: &[u8],
    order: &Order,
    variant: &Variant,
    on_step: &mut (dyn FnMut(Step) + Send),
) -> Result<Portrait, RenderError> {
    let (began, networks_before) = (Instant::now(), networks.clock.total());
    let mut watch = Stopwatch::new(on_step);
    let sitting = sit(networks, photo, Sight::for_portrait(order.size), &mut watch)?;
    let finished = finish_well(networks, &sitting, order, variant, &mut watch)?;
    let bytes = watch.time(Step::Encode, || encode(&finished.picture, order.format))?;
    let report = Report {
        steps: watch.into_steps(),
        total_ms: milliseconds(began.elapsed()),
        networks_ms: milliseconds(networks.clock.total() - networks_before),
        faces: sitting.people.len(),
        guests: finished.guests,
        retries: finished.retries,
        width: order.size.width(),
        height: order.size.height(),
        warnings: sitting.warnings,
    };
    Ok(Portrait {
        bytes,
        format: order.format,
        report,
    })
}

/// A photo with everything that is known about it.
struct Sitting {
    photo: RgbRaster,
    warnings: Vec<Warning>,
    people: Vec<Landmarks>,
    bodies: Vec<Body>,
    matte: Matte,
}

/// From the file to the people in it.
fn sit(
    networks: &Networks,
    photo: &[u8],
    sight: Sight,
    watch: &mut Stopwatch<'_>,
) -> Result<Sitting, RenderError> {
    let Networks {
        moderators,
        detectors,
        mesh,
        body,
        ..
    } = networks;
    let mut photo = watch.time(Step::Decode, || decode(photo))?;
    watch.time(Step::Moderate, || moderate(moderators, &photo.picture))?;
    let faces = watch.time(Step::FindFaces, || {
        find_standing_faces(detectors, mesh, &mut photo)
    })?;
    let landmarks = watch.time(Step::Landmarks, || {
        find_landmarks(mesh, &photo.picture, &faces)
    })?;
    let (faces, landmarks) = watch.time(Step::Judge, || judge_photo(&photo, faces, landmarks))?;
    let warnings = photo.warnings();
    let photo = photo.picture;
    let (matte, people, bodies) = watch.time(Step::Matte, || -> Result<_, RenderError> {
        let (matte, people) = find_people(&networks.matte, &photo, faces, landmarks, sight)?;
        let bodies = find_bodies(body, &photo, &people)?;
        Ok((matte, people, bodies))
    })?;
    Ok(Sitting {
        photo,
        warnings,
        people,
        bodies,
        matte,
    })
}

/// A portrait before it is a file.
struct Finished {
    picture: RgbRaster,
    guests: Vec<GuestReport>,
    retries: Vec<Failure>,
}

/// Makes the portrait, checks it, and makes it again where the check fails: milder, then in the guests' own
/// clothes. The last of these is taken as it is.
fn finish_well(
    networks: &Networks,
    sitting: &Sitting,
    order: &Order,
    variant: &Variant,
    watch: &mut Stopwatch<'_>,
) -> Result<Finished, RenderError> {
    let mut retries = Vec::new();
    let milder = variant.milder();
    let attempts = [(variant, false), (&milder, false), (&milder, true)];
    for (variant, is_lighter) in attempts {
        let scene = stage(sitting, variant, order.size, is_lighter, watch)?;
        let was_lighter = scene.lighter.is_some();
        let picture = develop(networks, &scene, order, variant, watch)?;
        let (guests, failure) = watch.time(Step::Check, || {
            check(
                &networks.mesh,
                &picture,
                &scene.sitters,
                scene.lighter,
                &variant.bar,
            )
        })?;
        let Some(failure) = failure.filter(|_| !is_lighter && !was_lighter) else {
            return Ok(Finished {
                picture,
                guests,
                retries,
            });
        };
        retries.push(failure);
    }
    Err(RenderError::Internal(
        "the last attempt was not taken".into(),
    ))
}

/// From the scene to the picture: paint and grade.
fn develop(
    networks: &Networks,
    scene: &Scene,
    order: &Order,
    variant: &Variant,
    watch: &mut Stopwatch<'_>,
) -> Result<RgbRaster, RenderError> {
    let composite = &scene.composite;
    let mut picture = watch.time(Step::Paint, || {
        paint(&networks.brushes, composite, &variant.paint)
    })?;
    watch.time(Step::Grade, || {
        grade(&mut picture, &composite.faces, &variant.grade, order.seed);
        // Parts of a photo that pass as a whole may fill the portrait.
        moderate(&networks.moderators, &picture)
    })?;
    Ok(picture)
}

/// Guests in the world, unpainted.
struct Scene {
    composite: Composite,
    /// The guests for the check, in the order of the people.
    sitters: Vec<Sitter>,
    /// Why the guests keep their own clothes; none where they are in costume.
    lighter: Option<LighterReason>,
}

/// Puts the guests into the variant's world, in costume where they can be.
fn stage(
    sitting: &Sitting,
    variant: &Variant,
    size: PortraitSize,
    is_lighter: bool,
    watch: &mut Stopwatch<'_>,
) -> Result<Scene, RenderError> {
    if is_lighter {
        return in_own_clothes(sitting, variant, size, LighterReason::Check, watch);
    }
    let photo_size = [sitting.photo.width() as f32, sitting.photo.height() as f32];
    match costume::plan(variant, &sitting.people, &sitting.bodies, photo_size, size) {
        Plan::Full(places) => in_costume(sitting, &places, variant, size, watch),
        Plan::Lighter(reason) => in_own_clothes(sitting, variant, size, reason, watch),
    }
}

fn in_costume(
    sitting: &Sitting,
    places: &[Place],
    variant: &Variant,
    size: PortraitSize,
    watch: &mut Stopwatch<'_>,
) -> Result<Scene, RenderError> {
    let flare = costume::flare(&variant.wardrobe.full);
    let requests = places.iter().enumerate().map(|(person, place)| CutRequest {
        landmarks: &sitting.people[person],
        person,
        face_height: place.working_height(),
        reshape: &variant.face.reshape,
        neck: NeckRequest::Drawn {
            flare,
            is_hand_near: place.is_hand_near,
        },
    });
    let (heads, skins) = themed_heads(sitting, requests.collect(), variant, watch);
    let guests = watch.time(Step::Dress, || {
        let dressed = heads.into_iter().zip(places);
        dressed
            .map(|(head, place)| costume::dress(head, place, variant, size))
            .collect::<Result<Vec<_>, _>>()
    })?;
    watch.time(Step::Compose, || {
        let slots: Vec<_> = places.iter().map(|place| place.slot).collect();
        let backdrop = variant.backdrop.read(size)?;
        let order = costume::back_to_front(&slots);
        let sitters = guests.iter().zip(&sitting.people).zip(skins);
        Ok(Scene {
            sitters: sitters
                .map(|((guest, person), skin)| {
                    let to_portrait = |place| guest.head_to_portrait.apply(place);
                    Sitter::new(
                        person,
                        &guest.head,
                        skin,
                        guest.head_to_portrait.scale(),
                        to_portrait,
                    )
                })
                .collect(),
            composite: compose_dressed(&guests, &order, &backdrop, variant, size),
            lighter: None,
        })
    })
}

fn in_own_clothes(
    sitting: &Sitting,
    variant: &Variant,
    size: PortraitSize,
    reason: LighterReason,
    watch: &mut Stopwatch<'_>,
) -> Result<Scene, RenderError> {
    let Sitting {
        photo,
        people,
        matte,
        ..
    } = sitting;
    let requests = people
        .iter()
        .enumerate()
        .map(|(person, landmarks)| CutRequest {
            landmarks,
            person,
            face_height: landmarks.face_height().clamp(1.0, LARGEST_OWN_FACE),
            reshape: &variant.face.reshape,
            neck: NeckRequest::AsPhotographed,
        });
    let (heads, skins) = themed_heads(sitting, requests.collect(), variant, watch);
    let cutout = watch.time(Step::Dress, || cut_out(photo, matte));
    watch.time(Step::Compose, || {
        let backdrop = variant.backdrop.read(size)?;
        let (composite, placement) =
            compose_photographed(&cutout, people, &heads, &backdrop, variant, size)?;
        let sitters = heads.iter().zip(people).zip(skins);
        Ok(Scene {
            sitters: sitters
                .map(|((head, person), skin)| {
                    let frame = head.frame;
                    let to_portrait = |place| placement.apply(frame.to_photo(place));
                    Sitter::new(
                        person,
                        head,
                        skin,
                        placement.scale / frame.scale,
                        to_portrait,
                    )
                })
                .collect(),
            composite,
            lighter: Some(reason),
        })
    })
}

/// The heads that are asked for, cut and themed, and each one's skin as photographed.
fn themed_heads(
    sitting: &Sitting,
    requests: Vec<CutRequest<'_>>,
    variant: &Variant,
    watch: &mut Stopwatch<'_>,
) -> (Vec<Head>, Vec<Lab>) {
    let mut heads: Vec<Head> = watch.time(Step::CutHeads, || {
        requests
            .par_iter()
            .map(|request| cut_head(&sitting.photo, &sitting.matte, request))
            .collect()
    });
    let skins = watch.time(Step::ThemeFaces, || {
        heads
            .par_iter_mut()
            .map(|head| theme_face(head, variant))
            .collect()
    });
    (heads, skins)
}
