using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Testing;

/// <summary>What tests of the data plane want to know of the tables, and nobody else does.</summary>
public static class TableShortcuts
{
    /// <summary>A new key's text alone.</summary>
    public static async Task<string> IssueAsync(this KeyTable keys, EventCode code, string user, DateTimeOffset? expires = null) =>
        (await keys.IssueOneAsync(code, user, expires)).Key;

    public static async Task<BackendDefinition?> GetAsync(this BackendTable backends, string name) => (await backends.ShowAsync(name))?.Definition;

    /// <summary>In the order in which they came.</summary>
    public static async Task<IReadOnlyList<AttendeeView>> ListAsync(this AttendeeTable attendees, EventCode code) =>
        (await attendees.PageAsync(code, new AttendeeQuery { PageSize = PageQuery.LargestPage }, Viewer.Everybody)).Items;
}
