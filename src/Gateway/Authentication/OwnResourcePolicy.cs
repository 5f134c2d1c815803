namespace OpenAIProxy.Gateway.Authentication;

/// <summary>Which resources callers may bring themselves at the moment: as the settings say, or as the demo does once its simulator runs. Thread-safe.</summary>
public sealed class OwnResourcePolicy(GatewayOptions options)
{
    private volatile OwnResourceOptions current = options.OwnResources;

    public OwnResourceOptions Current
    {
        get => current;
        set => current = value;
    }
}
