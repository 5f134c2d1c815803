// npm install openai@6.49.0
import { AzureOpenAI } from 'openai';

const proxy = process.env.PROXY_URL ?? 'http://127.0.0.1:8080';

const client = new AzureOpenAI({ endpoint: proxy, apiKey: 'hackathon/your-name', apiVersion: '2024-10-21' });

const stream = await client.chat.completions.create({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Write a poem about indian elephants' }],
  stream: true,
});
for await (const chunk of stream)
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
