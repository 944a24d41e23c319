//! Every kind of file a guest may send, made here from one photograph.

use super::*;
use crate::trial::astronaut_bytes;
use image::{ExtendedColorType, ImageEncoder, ImageFormat};
use std::io::Cursor;
