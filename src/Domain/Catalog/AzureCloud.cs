namespace OpenAIProxy.Domain.Catalog;

/// <summary>One of Azure's separate clouds: each has its own hosts, its own sign-in and its own tokens.</summary>
/// <param name="Authority">Where its tokens come from.</param>
/// <param name="Scope">What a token for an Azure OpenAI resource in it is asked for.</param>
public sealed record AzureCloud(Uri Authority, string Scope)
{
    // https://learn.microsoft.com/azure/ai-services/openai/how-to/managed-identity and /azure/azure-government/compare-azure-government-global-azure
    public static readonly AzureCloud Public = new(new Uri("https://login.microsoftonline.com/"), "https://cognitiveservices.azure.com/.default");
    public static readonly AzureCloud Government = new(new Uri("https://login.microsoftonline.us/"), "https://cognitiveservices.azure.us/.default");
    public static readonly AzureCloud China = new(new Uri("https://login.chinacloudapi.cn/"), "https://cognitiveservices.azure.cn/.default");

    /// <summary>The cloud whose host names end as the endpoint's does; the public one where none does, such as behind a gateway.</summary>
    public static AzureCloud Of(Uri endpoint)
    {
        if (endpoint.Host.EndsWith(".azure.us", StringComparison.OrdinalIgnoreCase))
            return Government;
        return endpoint.Host.EndsWith(".azure.cn", StringComparison.OrdinalIgnoreCase) ? China : Public;
    }
}
