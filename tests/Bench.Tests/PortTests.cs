using System.Net;
using System.Net.Sockets;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Tests;

public sealed class PortTests
{
    [Fact]
    public void No_port_is_given_out_twice_or_to_a_connection_that_goes_out()
    {
        var ports = Enumerable.Range(0, 200).Select(_ => Ports.Free()).ToArray();

        ports.Distinct().Count().ShouldBe(200);
        ports.ShouldAllBe(port => port < 32_768);
    }

    [Fact]
    public void Port_that_somebody_listens_on_is_passed_over()
    {
        var taken = Ports.Free() + 1;
        using var listener = new TcpListener(IPAddress.Loopback, taken);
        listener.Start();

        Enumerable.Range(0, 3).Select(_ => Ports.Free()).ShouldNotContain(taken);
    }
}
