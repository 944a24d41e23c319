//! A hook asked by hand has what it needs from the runbook, and says so at once where it has not.

use crate::stage::{DEPLOYMENT, LONG, Stage};
use photobooth_cloud::Phase;

const RUNBOOK: &str = include_str!("../../../buildspecs/README.md");

#[tokio::test]
async fn the_runbook_sets_what_a_hook_cannot_do_without() {
    let (preamble, _) = RUNBOOK.split_once("## Setting it up").unwrap();
    for (hook, setting) in [
        ("pre-traffic", "DELIVERY_TEST_ADDRESS"),
        ("application-stop", "DELIVERY_BACKUP_BUCKET"),
        ("validate-service", "DELIVERY_ADDRESS"),
    ] {
        assert!(
            preamble.contains(&format!("export {setting}=")),
            "{setting}"
        );
        let stage = Stage::set("backend", Phase::Installed).await;
        let mut command = stage.command(LONG);
        command.env_remove(setting);
        command.args(["hook", hook, "--deployment-id", DEPLOYMENT]);
        let output = command.output().await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(&format!("{setting} is not set")), "{said}");
        // Waiting brings no setting.
        assert!(stage.cloud.calls().is_empty(), "{:?}", stage.cloud.calls());
    }
}
