//! What somebody deletes between a plan and its writes is not written over thin air, and the rest goes on.

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;

use super::project::{APPLY, changed, cluster_before};
use crate::cluster::Cluster;

#[test]
fn what_vanishes_between_the_plan_and_its_update_is_named_and_made_anew_by_the_next_apply() {
    for line in Line::ALL {
        let kinds = ["/monitors/", "/destinations/", "/email_accounts/", "/workflows/", "/configs/"];
        let before = cluster_before(line);
        for kind in kinds {
            let cluster = Cluster::resume(before.clone());
            let cli = changed(&cluster);
            let mut has_struck = false;
            let (struck, heard) = std::sync::mpsc::channel();
            cluster.interfere(Box::new(move |sandbox, request| {
                let path = request.uri.split('?').next().unwrap();
                let segment = path.rsplit_once('/').map(|(home, _)| format!("{home}/"));
                if request.method == "PUT" && segment.is_some_and(|home| home.ends_with(kind)) && !has_struck
                {
                    has_struck = true;
                    let deleted = sandbox.answer(&Request::new("DELETE", path, Vec::new()));
                    assert_eq!(deleted.status, 200);
                    struck.send(()).unwrap();
                }
                None
            }));
            let screen = cli.run(&APPLY);
            if heard.try_recv().is_err() {
                assert_eq!(screen.code, Some(0), "{line} {kind}: {screen}");
                continue;
            }
            let screen = screen.must_exit(1);
            let said = "somebody deleted it in the cluster since the plan was made\n  hint: plan again: it would be made anew\n";
            assert!(screen.stdout.contains(said), "{line} {kind}: {screen}");
            cluster.interfere(Box::new(|_, _| None));
            cli.run(&APPLY).must_exit(0);
            cli.run(&["plan", "--prune", "--detailed-exitcode"]).must_exit(0);
        }
    }
}
