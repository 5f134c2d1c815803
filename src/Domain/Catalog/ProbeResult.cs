namespace OpenAIProxy.Domain.Catalog;

/// <summary>How far a call to a backend came.</summary>
public enum ProbeStep
{
    /// <summary>It answered.</summary>
    Ok,

    /// <summary>Its host name is not known.</summary>
    Name,

    /// <summary>It cannot be reached.</summary>
    Network,

    /// <summary>Its certificate is not accepted.</summary>
    Tls,

    /// <summary>It does not accept the key, or the network the call comes from.</summary>
    Key,

    /// <summary>There is no token for it, or it does not accept the token.</summary>
    Token,

    /// <summary>It has no such deployment, or that does not have the operation.</summary>
    Deployment,

    /// <summary>It does not know the api-version.</summary>
    ApiVersion,

    /// <summary>It is at its limit.</summary>
    Quota,

    /// <summary>It answered something else.</summary>
    Answer,
}

/// <param name="Message">A sentence for the operator: what is wrong and what would do.</param>
public sealed record ProbeResult(ProbeStep Step, string Message, TimeSpan Elapsed);
