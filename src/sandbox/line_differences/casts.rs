//! What each line says when it takes one kind of thing for another: the Java classes do not fit, and the server stumbles.

use super::monitors::lost_in_transport;
use crate::api::line::Line;
use crate::sandbox::fault::Fault;
use crate::sandbox::refusal::Refusal;

/// A Java class of the alerting plugin's model.
#[derive(Clone, Copy, Debug)]
enum Class {
    Monitor,
    Workflow,
    SearchInput,
    ClusterMetricsInput,
    DocLevelMonitorInput,
}

/// The refusal of another input where a document-level monitor's is looked for.
pub fn not_a_document_input(line: Line, kind: &str) -> Refusal {
    let given = if kind == "uri" { Class::ClusterMetricsInput } else { Class::SearchInput };
    let reason = cannot_cast(line, given, Class::DocLevelMonitorInput).reason;
    Refusal::alerting(500, reason, "org.opensearch.commons.alerting.util.AlertingException")
}

/// The refusal to read or to run what is no monitor: before 3.x the thread that stumbles is not the one that answers.
pub fn no_monitor_to_read(line: Line) -> Refusal {
    match line {
        Line::Odfe | Line::V1_3 | Line::V2_19 => lost_in_transport(line),
        Line::V3 => workflow_for_monitor(line).wrapped(),
    }
}

/// The refusal to replace what is no monitor.
pub fn no_monitor_to_replace(line: Line) -> Refusal {
    match line {
        Line::Odfe | Line::V1_3 => lost_in_transport(line),
        Line::V2_19 | Line::V3 => workflow_for_monitor(line).wrapped(),
    }
}

/// The refusal to delete what is no monitor; up to 2.3 there is none. 3.x takes every failure for a missing monitor.
pub fn no_monitor_to_delete(line: Line, id: &str) -> Refusal {
    match line {
        Line::V3 => Refusal::exception(404, "status_exception", format!("Monitor with {id} is not found")),
        Line::Odfe | Line::V1_3 | Line::V2_19 => workflow_for_monitor(line).wrapped(),
    }
}

/// The fault of a workflow that is taken for a monitor.
pub fn workflow_for_monitor(line: Line) -> Fault {
    cannot_cast(line, Class::Workflow, Class::Monitor)
}

/// The fault of a monitor that is taken for a workflow.
pub fn monitor_for_workflow(line: Line) -> Fault {
    cannot_cast(line, Class::Monitor, Class::Workflow)
}

fn cannot_cast(line: Line, given: Class, wanted: Class) -> Fault {
    let loader = if line == Line::V3 { "URLClassLoader" } else { "FactoryURLClassLoader" };
    let (given, wanted) = (given.name(), wanted.name());
    let reason = format!(
        "class {given} cannot be cast to class {wanted} \
         ({given} and {wanted} are in unnamed module of loader java.net.{loader} @1)"
    );
    Fault::new(500, "class_cast_exception", "java.lang.ClassCastException", reason)
}

impl Class {
    const fn name(self) -> &'static str {
        match self {
            Class::Monitor => "org.opensearch.commons.alerting.model.Monitor",
            Class::Workflow => "org.opensearch.commons.alerting.model.Workflow",
            Class::SearchInput => "org.opensearch.commons.alerting.model.SearchInput",
            Class::ClusterMetricsInput => "org.opensearch.commons.alerting.model.ClusterMetricsInput",
            Class::DocLevelMonitorInput => "org.opensearch.commons.alerting.model.DocLevelMonitorInput",
        }
    }
}
