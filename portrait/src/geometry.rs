//! Similarities of the plane: scaled, turned, moved.

/// `to = scale x turned(from) + shift`, in pixels, turning clockwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Similarity {
    /// Scale times cosine and sine of the turn.
    along: f32,
    across: f32,
    shift: [f32; 2],
}

impl Similarity {
    /// Scales and turns (in degrees) such that `from` comes to lie at `to`.
    pub(crate) fn carrying(from: [f32; 2], to: [f32; 2], scale: f32, degrees: f32) -> Self {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let mut similarity = Self {
            along: scale * cosine,
            across: scale * sine,
            shift: [0.0; 2],
        };
        let turned = similarity.apply(from);
        similarity.shift = [to[0] - turned[0], to[1] - turned[1]];
        similarity
    }

    pub(crate) fn apply(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [
            x * self.along - y * self.across + self.shift[0],
            x * self.across + y * self.along + self.shift[1],
        ]
    }

    pub(crate) fn inverse(&self) -> Self {
        let square = self.along * self.along + self.across * self.across;
        let mut inverse = Self {
            along: self.along / square,
            across: -self.across / square,
            shift: [0.0; 2],
        };
        let [x, y] = inverse.apply(self.shift);
        inverse.shift = [-x, -y];
        inverse
    }

    /// This one after another.
    pub(crate) fn after(&self, first: &Self) -> Self {
        Self {
            along: self.along * first.along - self.across * first.across,
            across: self.along * first.across + self.across * first.along,
            shift: self.apply(first.shift),
        }
    }

    pub(crate) fn scale(&self) -> f32 {
        self.along.hypot(self.across)
    }

    /// Left, top, right and bottom of a rectangle's image.
    pub(crate) fn bounds(&self, [left, top, right, bottom]: [f32; 4]) -> [f32; 4] {
        let corners = [[left, top], [right, top], [left, bottom], [right, bottom]]
            .map(|corner| self.apply(corner));
        let least = |axis: usize| {
            corners
                .iter()
                .map(|c| c[axis])
                .fold(f32::INFINITY, f32::min)
        };
        let most = |axis: usize| {
            corners
                .iter()
                .map(|c| c[axis])
                .fold(f32::NEG_INFINITY, f32::max)
        };
        [least(0), least(1), most(0), most(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(a: [f32; 2], b: [f32; 2]) -> bool {
        (a[0] - b[0]).abs() < 1e-3 && (a[1] - b[1]).abs() < 1e-3
    }

    #[test]
    fn a_point_is_carried_and_comes_back() {
        let there = Similarity::carrying([10.0, 20.0], [-3.0, 7.0], 2.5, 30.0);
        assert!(is_near(there.apply([10.0, 20.0]), [-3.0, 7.0]));
        assert!((there.scale() - 2.5).abs() < 1e-5);
        let back = there.inverse();
        assert!(is_near(back.apply(there.apply([55.0, -4.0])), [55.0, -4.0]));
        let both = back.after(&there);
        assert!(is_near(both.apply([8.0, 9.0]), [8.0, 9.0]));
    }

    #[test]
    fn turning_is_clockwise() {
        let turn = Similarity::carrying([0.0, 0.0], [0.0, 0.0], 1.0, 90.0);
        assert!(is_near(turn.apply([1.0, 0.0]), [0.0, 1.0]));
    }
}
