using System.Text.RegularExpressions;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>A tenant as a path names it, by id or by domain.</summary>
/// <param name="Id">The claim <c>tid</c>; that of a domain follows from its name.</param>
internal sealed partial record Tenant(string Name, Guid Id)
{
    /// <summary>The tenant of whoever names none: managed identities, and tokens made to order.</summary>
    public static readonly Tenant Usual = new("usual", new Guid("72f00000-0000-4000-8000-0000000000aa"));

    /// <summary>Stands for any tenant: it has documents but gives no tokens.</summary>
    public bool IsAny => Name is "common" or "organizations" or "consumers";

    /// <summary>As it stands in issuers; that of <see cref="IsAny"/> is a placeholder, as with Entra.</summary>
    public string InIssuer => IsAny ? "{tenantid}" : Id.ToString();

    /// <returns>Null if this can be no tenant.</returns>
    public static Tenant? Find(string name)
    {
        if (Guid.TryParseExact(name, "D", out var id))
            return new(name, id);
        return name is "common" or "organizations" or "consumers" || Domain().IsMatch(name) ? new(name, DerivedId.Of(name)) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Domain();
}
