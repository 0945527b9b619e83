//! What later stages ask about the parts of a manifest that could not be read.

use crate::model::{ComponentDecl, Poison, TypeExpr};

impl Poison {
    /// Whether something that could not be read may provide this service.
    pub(crate) fn may_provide(&self, service: &TypeExpr) -> bool {
        self.anything || self.provides.iter().any(|text| may_mean(text, service))
    }

    /// Whether a `[bind]` line that could not be read may be about this service.
    pub(crate) fn may_bind(&self, service: &TypeExpr) -> bool {
        self.anything || self.binds.iter().any(|text| may_mean(text, service))
    }

    /// Leaves a component out, and remembers what it would have been.
    pub(crate) fn leave_out(&mut self, component: &ComponentDecl) {
        self.components.insert(component.name.value.clone());
        self.provides.push(component.ty.value.to_string());
        let services = component.provides.iter();
        self.provides
            .extend(services.map(|service| service.value.to_string()));
    }

    /// Adds what another layer could not read.
    pub(crate) fn merge(&mut self, other: &Poison) {
        self.anything |= other.anything;
        self.components.extend(other.components.iter().cloned());
        self.provides.extend(other.provides.iter().cloned());
        self.binds.extend(other.binds.iter().cloned());
        self.rules.extend(other.rules.iter().cloned());
        self.aliases.extend(other.aliases.iter().cloned());
        self.overrides.extend(other.overrides.iter().cloned());
    }
}

/// Whether a text that is no type may have been meant for this one: it is empty, or the type's own name occurs in it.
fn may_mean(text: &str, service: &TypeExpr) -> bool {
    text.is_empty()
        || text
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|word| word == service.last_ident())
}

#[cfg(test)]
mod tests {
    use crate::model::Poison;
    use crate::type_path::parse;

    #[test]
    fn a_broken_text_may_mean_what_it_names() {
        let poison = Poison {
            provides: vec!["dyn a:Tickets + Send".to_owned()],
            ..Poison::default()
        };
        assert!(poison.may_provide(&parse("dyn a::Tickets").expect("a type")));
        assert!(!poison.may_provide(&parse("dyn a::Ticket").expect("a type")));
        assert!(!poison.may_bind(&parse("dyn a::Tickets").expect("a type")));
    }
}
