use super::*;
use crate::models::FaceMesh;
use crate::trial::*;
#[test]
fn probe() {
    let rt = runtime();
    let m = models_dir();
    let mut d = Detectors::load(&rt, &m).unwrap();
    let mut mesh = FaceMesh::load(&rt, &m).unwrap();
    let a = astronaut();
    let f = find_faces(&mut d, &a).unwrap();
    println!("{f:?}");
    for x in &f {
        let l = find_landmarks(&mut mesh, &a, x).unwrap();
        println!("{:?} {}", l.pose, l.presence);
        let s: Vec<String> = l
            .points
            .iter()
            .map(|p| format!("{},{},{}", p[0], p[1], p[2]))
            .collect();
        std::fs::write("mesh.csv", s.join("\n")).unwrap();
    }
    for side in [(512, 512), (1080, 1080), (1920, 1920)] {
        let big = crate::filter::resize_rgb(&a, side.0, side.1);
        for _ in 0..3 {
            let t = std::time::Instant::now();
            let f = find_faces(&mut d, &big).unwrap();
            let t1 = t.elapsed();
            let l = find_landmarks(&mut mesh, &big, &f[0]).unwrap();
            println!(
                "{side:?} faces {:?} mesh {:?} {:?} {}",
                t1,
                t.elapsed() - t1,
                l.pose,
                f.len()
            );
        }
    }
}
