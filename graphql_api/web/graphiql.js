// The query editor with working examples, one a tab. Everything comes from this server; nothing is fetched elsewhere.
(() => {
  const examples = [
    `# The latest units of the classification, in Spanish where there is a label, else in English.
query Units {
  codelist(scheme: "units", shape: TREE, languages: ["es", "en"]) {
    version { version digest standing }
    entries {
      code
      label { text language status }
      children { code label { text language status } }
    }
  }
}
`,
    `# Which list a variable takes its codes from, and the whole of it.
query Sectors {
  variables(step: 2, describes: EVENT) {
    code
    label(languages: ["fr"]) { text language status }
    list { version { scheme version conceptCount } }
  }
  codelist(variable: "fls", level: 1) {
    version { scheme version printedVersion }
    entries { code label { text } }
  }
}
`,
    `# Words of a label, accents folded, or the beginning of a code.
query Search {
  searchConcepts(text: "cote", schemes: ["areas"], first: 5) {
    totalCount
    nodes { matched label { text language } spans { start end } concept { code uri label(languages: ["en"]) { text } } }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    `# The events recorded last, and who took part.
query Events {
  installation { purpose records { kind count } }
  events(first: 3) {
    nodes {
      id
      forms { code label { text } }
      values(variables: ["coe", "dat", "sta"]) { variable kind codes { code label { text } } edtf missing }
      participations { role person values(variables: ["svx", "agv", "rpp"]) { variable codes { code } low high missing } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    `# What hangs on forced labour within three hops. Start from an event or a person too, by an id that "Events" found.
query Network {
  egoNetwork(start: { kind: CONCEPT, id: "2" }, depth: 3, budget: 60) {
    truncated
    countsByType { kind count }
    skippedHubs { id degree }
    nodes { id kind distance }
    edges { source target kind }
  }
}
`,
  ];
  const tabs = examples.map((query) => ({ query }));
  const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  root.render(
    React.createElement(GraphiQL, { fetcher, defaultQuery: examples[0], defaultTabs: tabs, defaultEditorToolsVisibility: true }),
  );
})();
