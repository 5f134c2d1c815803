using OpenAIProxy.Domain;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Ledger.Reports;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Sql.Limits;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage;

/// <summary>The rows of each feature, inside one transaction. For one thread, and only until the transaction ends.</summary>
public class Tables
{
    internal Tables(Statements statements, SecretProtection secrets, Actor actor, TimeProvider time)
    {
        Statements = statements;
        Trail = new AuditTrail(statements, actor, time);
        Audit = new AuditTable(statements);
        Settings = new SettingTable(statements, Trail);
        Backends = new BackendTable(statements, secrets, Trail);
        Models = new ModelTable(statements, Trail);
        Deployments = new DeploymentTable(statements, Trail);
        Events = new EventTable(statements, secrets, Models, Trail, time);
        Attendees = new AttendeeTable(statements, Events, Trail, KeyRingChanges, time);
        Limits = new LimitTable(statements, Events, Attendees, Trail);
        Prices = new PriceTable(statements, Models, Trail);
        Usage = new UsageTable(statements);
        Entries = new EntryTable(statements);
        Refusals = new RefusalTable(statements);
        Keys = new KeyTable(statements, Events, Attendees, Trail, KeyRingChanges, time);
        Tokens = new TokenTable(statements, Trail, TokenChanges, time);
    }

    public BackendTable Backends { get; }

    public ModelTable Models { get; }

    public DeploymentTable Deployments { get; }

    public EventTable Events { get; }

    public AttendeeTable Attendees { get; }

    public LimitTable Limits { get; }

    public PriceTable Prices { get; }

    public UsageTable Usage { get; }

    public EntryTable Entries { get; }

    public RefusalTable Refusals { get; }

    public KeyTable Keys { get; }

    public SettingTable Settings { get; }

    public TokenTable Tokens { get; }

    public AuditTable Audit { get; }

    internal Statements Statements { get; }

    internal AuditTrail Trail { get; }

    /// <summary>What the key ring must learn once the transaction is committed, in order.</summary>
    internal List<Action<KeyRing>> KeyRingChanges { get; } = [];

    /// <summary>The same of the tokens in force.</summary>
    internal List<Action<ApiTokens>> TokenChanges { get; } = [];
}
