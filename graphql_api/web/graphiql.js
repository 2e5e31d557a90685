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
    `# What hangs on a form of exploitation within three hops: its events, their people, and the events of those. Start from an event or a person too, by an id that "Events" found.
query Network {
  egoNetwork(start: { kind: CONCEPT, id: "5.4" }, depth: 3, budget: 200) {
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

  // The results of a subscription, one by one, from a stream of server-sent events; left when the editor stops asking.
  async function* follow(request) {
    const headers = { "content-type": "application/json", accept: "text/event-stream" };
    const answer = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(request) });
    if (!answer.headers.get("content-type").startsWith("text/event-stream")) {
      yield await answer.json();
      return;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (let text = "", part = await reader.read(); !part.done; part = await reader.read()) {
        const events = (text + part.value).split("\n\n");
        text = events.pop();
        for (const event of events) {
          const data = /^data: (.+)$/m.exec(event);
          if (data) yield JSON.parse(data[1]);
        }
      }
    } finally {
      reader.cancel();
    }
  }

  const isFollowed = (request, document) =>
    (document?.definitions ?? []).some(
      (each) => each.operation === "subscription" && (!request.operationName || each.name?.value === request.operationName),
    );
  const ask = GraphiQL.createFetcher({ url: "/graphql" });
  const fetcher = (request, options) =>
    isFollowed(request, options?.documentAST) ? follow(request) : ask(request, options);
  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  root.render(
    React.createElement(GraphiQL, { fetcher, defaultQuery: examples[0], defaultTabs: tabs, defaultEditorToolsVisibility: true }),
  );
})();
