using OpenAIProxy.Domain.Access;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>A request on its way that is cut off when it would not be let in any more. Disposing it ends the watch.</summary>
internal sealed class WatchedFlight(InFlight watch, Caller.OfEvent caller, Admitted admitted) : Flight
{
    public Caller.OfEvent Caller { get; } = caller;

    public Admitted Admitted { get; } = admitted;

    public override void Dispose()
    {
        watch.Forget(this);
        base.Dispose();
    }
}
