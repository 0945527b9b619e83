pub struct HttpFilters;
pub struct HttpFilter;
