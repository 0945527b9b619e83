//! The table of a world, as generated code would bring it.

use treenail::__private::{
    ConfigBinding, Entry, Form, Need, PluginEntry, Table, build, reconfigure,
};

use super::probe::{Probe, deps};
use super::world::{Kind, PLUGINS, World};

/// The table of a world. It is never freed, as one that was generated.
pub(crate) fn table(world: &World) -> &'static Table {
    let plugin = |(number, id): (usize, &'static str)| PluginEntry {
        id,
        package: id,
        version: "1.0.0",
        optional: number > 0,
        description: "",
        hooks: None,
    };
    let plugins: Vec<PluginEntry> = PLUGINS.into_iter().enumerate().map(plugin).collect();
    let components = world.parts.iter().map(|part| {
        let needs = part.wants.iter().enumerate().map(|(number, want)| {
            let service = &world.services[want.service];
            let mut decorators = service.decorators.iter().copied();
            let wrapped_by = decorators.rfind(|one| want.form != Form::Inner || *one < part.number);
            Need {
                field: String::leak(format!("want{number}")),
                service: "Probe",
                form: want.form,
                providers: Vec::leak(service.providers.clone()),
                default: want.default,
                wrapped_by,
                named: want.named,
            }
        });
        let needs = Vec::leak(needs.collect::<Vec<_>>());
        let id = String::leak(world.id(part.number));
        let entry = Entry::new(id, part.plugin, part.scope, needs, |inputs| {
            let deps = deps(inputs);
            build::<Probe>(inputs, deps)
        });
        let entry = entry.config(ConfigBinding::of::<Probe>);
        match part.kind {
            Kind::Recreate => entry,
            Kind::Overlap => entry.overlap(),
            Kind::Reconfigure => entry.reconfigure(reconfigure::<Probe>),
        }
    });
    Box::leak(Box::new(Table {
        host: "app",
        api: "1.0.0",
        root: "app",
        logging: false,
        digest: "",
        plugins: Vec::leak(plugins),
        components: Vec::leak(components.collect::<Vec<_>>()),
        bound: &[],
        aliases: &[],
        absent: &[],
        left_out: &[],
    }))
}
