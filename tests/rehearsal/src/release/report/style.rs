//! How the report looks, in light and dark, on paper and on a phone.

pub const HEAD: &str = r#"<!doctype html>
<html lang=en>
<meta charset=utf-8>
<meta name=viewport content="width=device-width">
<title>Rehearsal of a release</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --good: light-dark(#17692c, #7fd394);
  --bad: light-dark(#b00020, #ff8a98); --blue: light-dark(#2f55c8, #9db4ff); --fill: light-dark(#bfe3c8, #1f5230) }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1, h2, h3 { line-height: 1.2 }
h2 { margin-top: 2.5rem }
h3 { margin: 1.5rem 0 0; font-size: 1rem }
h3 + p { margin: 0 }
h3 { overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
td { padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap }
td:last-child:not(.number) { width: 100%; white-space: normal; overflow-wrap: anywhere }
.good { color: var(--good) } .bad { color: var(--bad) }
.number { text-align: right; font-variant-numeric: tabular-nums }
figure { margin: 1.2rem 0; overflow-x: auto } figcaption { font-size: .9rem }
svg { width: 100%; min-width: 38rem; height: auto; display: block }
svg text { font: 12px system-ui, sans-serif; fill: currentColor }
.grid { stroke: var(--line) } .share { fill: var(--fill); stroke: var(--good) }
.latency { fill: none; stroke: var(--blue); stroke-width: 1.5 } .failed { stroke: var(--bad); stroke-width: 3 }
.span { fill: light-dark(#c3d3fa, #2d4379) } .fault { fill: light-dark(#f2b9c1, #7a2c37) }
@media (max-width: 40rem) { td:not(.number) { white-space: normal } }
</style>
<h1>Rehearsal of a release</h1>
"#;
