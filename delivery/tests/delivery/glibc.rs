//! The binary runs where Lambda runs it: on Amazon Linux 2023, whose C library is 2.34.

use goblin::elf::Elf;

const AMAZON_LINUX: (u32, u32) = (2, 34);

#[test]
fn no_newer_glibc_than_amazon_linux_has_is_needed() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_delivery")).unwrap();
    let elf = Elf::parse(&program).unwrap();
    let needed = elf.verneed.as_ref().unwrap();
    let versions = needed
        .iter()
        .flat_map(|library| library.iter().map(|it| it.vna_name).collect::<Vec<_>>());
    let versions = versions.filter_map(|name| {
        elf.dynstrtab
            .get_at(name)?
            .strip_prefix("GLIBC_")
            .map(str::to_owned)
    });
    let mut parsed = versions.map(|version| {
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap());
        (parts.next().unwrap(), parts.next().unwrap())
    });
    let newest = parsed.by_ref().max().expect("it uses the C library");
    assert!(newest <= AMAZON_LINUX, "glibc {newest:?} is needed");
}
