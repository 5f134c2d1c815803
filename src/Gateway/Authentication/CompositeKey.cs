using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Authentication;

/// <summary>
/// <c>RESOURCE_ID:MAPPING:API_KEY[:API_VERSION]</c>, where MAPPING is <c>MODEL|DEPLOYMENT,…</c> or one deployment for every
/// model. Every part is checked by its form here, because each becomes a part of a URL or a header.
/// </summary>
internal sealed class CompositeKey
{
    /// <summary>The api-version where the key names none: that of the last server that had these keys.</summary>
    public const string DefaultApiVersion = "2024-02-01";

    private const string Form = "RESOURCE_ID:MAPPING:API_KEY[:API_VERSION]";
    private const int MostPairs = 100;

    private readonly IReadOnlyList<(string? Model, string Deployment)> deployments;
    private readonly string apiKey;
    private readonly string apiVersion;

    private CompositeKey(string resource, IReadOnlyList<(string? Model, string Deployment)> deployments, string apiKey, string apiVersion) =>
        (Resource, this.deployments, this.apiKey, this.apiVersion) = (resource, deployments, apiKey, apiVersion);

    public string Resource { get; }

    public static Result<CompositeKey> Parse(string text)
    {
        var parts = text.Split(':');
        if (parts is not [var resource, var mapping, var key, .. { Length: <= 1 } rest])
            return Wrong($"it has {parts.Length} parts with ':' between them, and takes three or four: {Form}");
        if (!IsResource(resource))
            return Wrong("the resource id, its first part, is not the name of an Azure OpenAI resource: 1 to 63 letters, digits and '-', beginning with a letter or a digit");
        if (ReadMapping(mapping) is not { } deployments)
            return Wrong("the mapping, its second part, is neither MODEL|DEPLOYMENT pairs with ',' between them nor one deployment's name (1 to 64 letters, digits, '-', '_' and '.')");
        if (key.Length == 0 || key.Any(c => c is <= ' ' or >= '\x7f'))
            return Wrong("the API key, its third part, is empty or has characters that no key has");
        if (rest is [var version] && !IsApiVersion(version))
            return Wrong("the api-version, its fourth part, is not one, such as 2024-10-21");
        return new CompositeKey(resource, deployments, key, rest is [var named] ? named : DefaultApiVersion);
    }

    /// <param name="urlTemplate">As in <see cref="OwnResourceOptions.UrlTemplate"/>.</param>
    public OwnResource At(string urlTemplate) => new(
        new Backend
        {
            Name = "own-resource",
            Endpoint = new Uri(urlTemplate.Replace(OwnResourceOptions.Placeholder, Resource, StringComparison.Ordinal)),
            ApiVersion = apiVersion,
            Credential = new BackendCredential.ApiKey(apiKey),
        },
        deployments);

    private static List<(string? Model, string Deployment)>? ReadMapping(string mapping)
    {
        if (!mapping.Contains('|'))
            return IsDeployment(mapping) ? [(null, mapping)] : null;
        var pairs = new List<(string? Model, string Deployment)>();
        foreach (var pair in mapping.Split(','))
            if (pair.Split('|') is [{ Length: > 0 } model, var deployment] && IsDeployment(deployment) && pairs.Count < MostPairs)
                pairs.Add((model, deployment));
            else
                return null;
        return pairs;
    }

    private static Refusal Wrong(string why) => Refuse.MalformedCredential($"The credential has a ':' and so is that of a resource of your own, but {why}.");

    // It becomes a label of a host name, so nothing else may be in it.
    private static bool IsResource(string name) =>
        name.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    // A name of dots only would be a step up in the URL's path.
    private static bool IsDeployment(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && name.Any(c => c != '.');

    private static bool IsApiVersion(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
