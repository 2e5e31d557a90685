// A server over the same graph, as @neo4j/graphql makes it from type definitions: no scope, no audit, no limits.
// Environment: NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, NEO4J_DATABASE, PORT. Prints one line when it listens.
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const typeDefs = `#graphql
  type Person @node {
    id: ID!
    entity: String
    victimIn: [Event!]! @relationship(type: "VICTIM_IN", direction: OUT)
    perpetratorIn: [Event!]! @relationship(type: "PERPETRATOR_IN", direction: OUT)
  }
  type Event @node {
    id: ID!
    entity: String
    victims: [Person!]! @relationship(type: "VICTIM_IN", direction: IN)
    perpetrators: [Person!]! @relationship(type: "PERPETRATOR_IN", direction: IN)
  }
`;

const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, NEO4J_DATABASE, PORT } = process.env;
const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD));
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const server = new ApolloServer({ schema, csrfPrevention: false });
await startStandaloneServer(server, {
  listen: { host: "127.0.0.1", port: Number(PORT) },
  context: async () => ({ sessionConfig: { database: NEO4J_DATABASE } }),
});
console.log("listening");
