using Microsoft.AspNetCore.Http;

namespace Pipeline.Inspect;

/// <summary>
/// Lets in only what a page of this server asks for. A web site elsewhere that makes the browser call the loopback address is
/// known by its Origin, or by a Host that is not ours (DNS rebinding). What goes out may load nothing from elsewhere.
/// </summary>
internal sealed class LocalRequests(RequestDelegate next)
{
    private static readonly string[] Hosts = ["127.0.0.1", "localhost"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var own = $"{request.Scheme}://{request.Host.Value}";
        if (!Hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase) || request.Host.Port != context.Connection.LocalPort)
            return Refuse(context, "This address is not served.");
        var origin = request.Headers.Origin;
        var foreign = origin.Count > 0 && !string.Equals(origin.ToString(), own, StringComparison.OrdinalIgnoreCase);
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (foreign || (site is "cross-site" or "same-site" && !(reads && request.Headers["Sec-Fetch-Mode"] == "navigate")))
            return Refuse(context, "Only pages of this server may ask.");

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://{request.Host.Value}; "
            + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    }

    private static Task Refuse(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why);
    }
}
