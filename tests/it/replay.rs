//! Replays the recorded answers of real servers (`tests/conformance`) over HTTP, step by step.
