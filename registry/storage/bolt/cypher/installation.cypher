// The installation's own nodes: its mark and its leases.

// name: installation
// what: the mark, no row where there is none
// returns: one
// mode: read
MATCH (i:Installation {key: 'installation'})
RETURN i.purpose AS purpose, i.schema_version AS schema_version, i.schema_digest AS schema_digest;

// name: any_node
// what: nodes = 1 if the database holds anything but mark and leases, else 0
// returns: one
// mode: read
MATCH (n) WHERE NOT n:Installation AND NOT n:Lease
WITH n LIMIT 1
RETURN count(n) AS nodes;

// name: mark_installation
// what: the mark as it stands after; the first writer decides
// param purpose: test, sample or real
// returns: one
// mode: write
MERGE (i:Installation {key: 'installation'})
ON CREATE SET i.purpose = $purpose, i.schema_version = 0, i.schema_digest = ''
RETURN i.purpose AS purpose, i.schema_version AS schema_version, i.schema_digest AS schema_digest;

// name: set_schema
// what: nothing; the schema's statements were all run
// param version: integer
// param digest: string
// returns: none
// mode: write
MATCH (i:Installation {key: 'installation'})
SET i.schema_version = $version, i.schema_digest = $digest;

// name: lock_lease
// what: nothing; the lease's node is there and locked until the transaction ends
// param name: string
// returns: none
// mode: write
MERGE (l:Lease {name: $name})
SET l.touched = coalesce(l.touched, 0) + 1;

// name: take_lease
// what: the holder, if the lease is now ours; no row if it is another's. Run after lock_lease
// param name: string
// param holder: string
// param milliseconds: integer - from now, by the store's clock
// param only_ours: boolean - do not take a lease that ran out
// returns: one
// mode: write
MATCH (l:Lease {name: $name})
WHERE l.holder = $holder OR (NOT $only_ours AND (l.holder IS NULL OR l.until < timestamp()))
SET l.holder = $holder, l.until = timestamp() + $milliseconds
RETURN l.holder AS holder;

// name: lease_holder
// what: who holds the lease, null for nobody
// param name: string
// returns: one
// mode: read
MATCH (l:Lease {name: $name})
RETURN l.holder AS holder;

// name: give_up_lease
// what: nothing; the lease is free if it was ours. Run after lock_lease
// param name: string
// param holder: string
// returns: none
// mode: write
MATCH (l:Lease {name: $name})
WHERE l.holder = $holder
REMOVE l.holder, l.until;
