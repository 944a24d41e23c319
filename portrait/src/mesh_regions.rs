//! Named outlines on the face mesh, as indices of its points.

/// The face's outline, clockwise from the forehead.
pub(crate) const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
/// An eye's opening, clockwise from its outer (left of the picture) or inner corner.
pub(crate) const LEFT_EYE: [usize; 16] = [
    33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7,
];
pub(crate) const RIGHT_EYE: [usize; 16] = [
    263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249,
];
/// The lips' outer edge.
pub(crate) const LIPS: [usize; 20] = [
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
];
pub(crate) const LEFT_BROW: [usize; 10] = [70, 63, 105, 66, 107, 55, 65, 52, 53, 46];
pub(crate) const RIGHT_BROW: [usize; 10] = [300, 293, 334, 296, 336, 285, 295, 282, 283, 276];
/// Brow and eye socket together.
pub(crate) const LEFT_SOCKET: [usize; 16] = [
    70, 63, 105, 66, 107, 193, 245, 128, 121, 120, 119, 118, 117, 111, 143, 156,
];
pub(crate) const RIGHT_SOCKET: [usize; 16] = [
    300, 293, 334, 296, 336, 417, 465, 357, 350, 349, 348, 347, 346, 340, 372, 383,
];
pub(crate) const NOSTRILS: [usize; 8] = [64, 98, 97, 2, 326, 327, 294, 4];
/// Centres of the irises; four points of the rim follow each.
pub(crate) const LEFT_IRIS: usize = 468;
pub(crate) const RIGHT_IRIS: usize = 473;
