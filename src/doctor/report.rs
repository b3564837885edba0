//! What the doctor found, as a list that a person reads from top to bottom.

use std::fmt;

/// How one check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Fine,
    /// The server runs, and somebody should look.
    Warning,
    /// The server does not run, or should not.
    Failed,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    pub name: &'static str,
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
    /// What to do, unless all is well.
    pub advice: Option<String>,
}

/// All checks, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub checks: Vec<Check>,
}

impl Report {
    pub(super) fn fine(&mut self, name: &'static str, seen: impl Into<String>) {
        self.add(name, Verdict::Fine, seen.into(), None);
    }

    pub(super) fn warn(&mut self, name: &'static str, seen: impl Into<String>, advice: impl Into<String>) {
        self.add(name, Verdict::Warning, seen.into(), Some(advice.into()));
    }

    pub(super) fn fail(&mut self, name: &'static str, seen: impl Into<String>, advice: impl Into<String>) {
        self.add(name, Verdict::Failed, seen.into(), Some(advice.into()));
    }

    fn add(&mut self, name: &'static str, verdict: Verdict, seen: String, advice: Option<String>) {
        self.checks.push(Check {
            name,
            verdict,
            seen,
            advice,
        });
    }

    /// The worst that was found.
    #[must_use]
    pub(crate) fn verdict(&self) -> Verdict {
        self.checks
            .iter()
            .map(|check| check.verdict)
            .max()
            .unwrap_or(Verdict::Fine)
    }

    /// What the command ends with: 1 when something failed.
    #[must_use]
    pub(crate) fn exit_code(&self) -> u8 {
        u8::from(self.verdict() == Verdict::Failed)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            let mark = match check.verdict {
                Verdict::Fine => "ok  ",
                Verdict::Warning => "warn",
                Verdict::Failed => "FAIL",
            };
            writeln!(f, "{mark}  {:<12} {}", check.name, indent(&check.seen))?;
            if let Some(advice) = &check.advice {
                writeln!(f, "{:19}-> {}", "", indent(advice))?;
            }
        }
        f.write_str(match self.verdict() {
            Verdict::Fine => "All is well.",
            Verdict::Warning => "The server can run; look at the warnings.",
            Verdict::Failed => "The server cannot run like this.",
        })
    }
}

/// Keeps text of several lines in its column.
fn indent(text: &str) -> String {
    text.trim_end().replace('\n', &format!("\n{:22}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_as_a_list() {
        let mut report = Report::default();
        report.fine("data folder", "/var/lib/switchboard, 40 GiB free");
        assert_eq!(report.exit_code(), 0);
        report.warn("clock", "3 s ahead", "set it");
        assert_eq!(report.exit_code(), 0);
        report.fail("roles", "2 changes are missing", "run\nthis");
        assert_eq!(report.exit_code(), 1);
        let expect = "\
ok    data folder  /var/lib/switchboard, 40 GiB free
warn  clock        3 s ahead
                   -> set it
FAIL  roles        2 changes are missing
                   -> run
                      this
The server cannot run like this.";
        assert_eq!(report.to_string(), expect);
    }
}
