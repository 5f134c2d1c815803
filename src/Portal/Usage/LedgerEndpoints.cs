using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage.Ledger.Verifying;

namespace OpenAIProxy.Portal.Usage;

/// <summary>The books behind limits and usage. For administrators only.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this RouteGroupBuilder api) =>
        api.MapPost("/ledger/verify", VerifyAsync).WithTags("Usage").WithSummary("Count the ledger again")
            .WithDescription("Counts every account and total again, from the entries and the requests on their way, and tells the differences; requests go on meanwhile.")
            .RequireAuthorization(SignedIn.Administrator);

    private static async Task<Ok<LedgerFindings>> VerifyAsync(LedgerVerification verification, CancellationToken cancellation) =>
        TypedResults.Ok(await verification.RunAsync(cancellation));
}
